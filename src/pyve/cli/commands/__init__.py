"""The commands, one module a verb; each offers `register(app, epilog=...)`."""

from importlib import import_module

import typer

VERBS = (
    "init",
    "sync",
    "lock",
    "upgrade",
    "add",
    "remove",
    "run",
    "shell",
    "activate",
    "deactivate",
    "direnv",
    "status",
    "list",
    "detect",
    "allow",
    "deny",
    "rollback",
    "gc",
    "purge",
    "check",
    "config",
    "hook",
    "completion",
    "self",
    "version",
)


def register_commands(app: typer.Typer, *, epilog: str, verb: str | None) -> None:
    """Put the commands on `app` in the order the help shows them; for a known `verb` that one alone, for speed."""
    for name in (verb,) if verb in VERBS else VERBS:
        import_module(f"pyve.cli.commands.{name}").register(app, epilog=epilog)
