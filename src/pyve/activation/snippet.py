"""A snippet: what entering one project means, as data that a shell's hook reads. Pure: text in, text out."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from pyve.activation.dialects.dialect import Dialect
from pyve.activation.templates import fill, read_template


@dataclass(frozen=True, kw_only=True)
class Snippet:
    """One project's entry. Paths are absolute, of the machine's own form.

    `probe` is a file that must be there for the environment to be entered, empty when there is none. `reference` is
    the path of the reference files without `serial`, which follows it. Of `watch`, a file newer than the reference
    has changed; with `watch_on_cd` that is tested after a cd alone. `missing` is said when the probe is not there,
    `notice` whenever the snippet is read anew.

    `conda` is the prefix to stack on what conda has active, empty for what is no conda environment. `scripts` are what
    a shell sources last on entering, `scripts_on_leaving` what it sources first on leaving, in this order: ending (sh,
    fish, ps1) -> files below the state directory. `sourced` and `sourced_unset` are what those scripts were seen to do
    when they ran once, for processes that source none and for shells of an ending without scripts; none of them is in
    `set` and `unset`.
    """

    root: str
    reference: str
    probe: str = ""
    watch: tuple[str, ...] = ()
    watch_on_cd: bool = False
    bin: tuple[str, ...] = ()
    set: Mapping[str, str] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    conda: str = ""
    scripts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scripts_on_leaving: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sourced: Mapping[str, str] = field(default_factory=dict)
    sourced_unset: tuple[str, ...] = ()
    prompt: str = ""
    notice: str = ""
    missing: str = ""

    @property
    def serial(self) -> str:
        """A digest of all the others: a snippet of the same serial says the same."""
        text = repr([(one.name, getattr(self, one.name)) for one in fields(self)])
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def render_snippet(snippet: Snippet, dialect: Dialect) -> bytes:
    """The snippet in a shell's words. All but the root, which programs that are no shells compare, in its paths too."""

    def quote_path(path: str) -> str:
        return dialect.quote(dialect.path(path))

    scripts = snippet.scripts.get(dialect.script_ending, ())
    setting, unsetting = snippet.set, snippet.unset
    if not scripts:  # what others get by sourcing, this shell gets by value
        setting, unsetting = {**snippet.sourced, **setting}, (*unsetting, *snippet.sourced_unset)
    pairs = [text for pair in setting.items() for text in pair]
    # Of all endings, for the record is inherited by other shells too: each one leaves by the scripts that it can read.
    on_leaving = [script for paths in snippet.scripts_on_leaving.values() for script in paths]
    values = {
        "ROOT": dialect.quote(snippet.root),
        "SERIAL": dialect.quote(snippet.serial),
        "PROBE": quote_path(snippet.probe),
        "REFERENCE": quote_path(snippet.reference + snippet.serial),
        "WATCH": dialect.join(map(quote_path, snippet.watch)),
        "WATCH_ON_CD": dialect.quote("1" if snippet.watch_on_cd else ""),
        "BIN": dialect.join(map(quote_path, snippet.bin)),
        "SET": dialect.join(map(dialect.quote, pairs)),
        "UNSET": dialect.join(map(dialect.quote, unsetting)),
        "CONDA": dialect.quote(snippet.conda),
        "SCRIPTS": dialect.join(map(quote_path, scripts)),
        "SCRIPTS_OUT": dialect.join(map(quote_path, on_leaving)),
        "PROMPT": dialect.quote(snippet.prompt),
        "NOTICE": dialect.quote(snippet.notice),
        "MISSING": dialect.quote(snippet.missing),
    }
    return fill(read_template(dialect, "snippet"), values).encode("utf-8", "surrogateescape")
