"""Conda packages: solved and linked by one of two engines.

`engine` is what both promise, `choice` which one is used. `rattler/` works in a process of its own (`orders`: what is
said to it, `process`: how it is started and what Ctrl-C does), `micromamba/` runs the executable, `bootstrap/` fetches
it. What both share: `credentials/` (who is sent what), `failures/` (what a person is told), `prefix/` (what is done
about a prefix that was linked) and `activation_scripts/`. Packages are verified in `archive_hashes`, `rattler.checks`,
`rattler.cache` and `micromamba.prefix`, as far as the engines do not do so themselves.
"""
