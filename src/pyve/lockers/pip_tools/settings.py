"""[tool.pip-tools] of a project: which of its options hold when pyve has pip-compile lock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.project.manifest import has_manifest, read_manifest_bytes
from pyve.project.manifests.index_options import add_options
from pyve.project.manifests.manifest_text import decode_utf8, show_path
from pyve.project.manifests.toml_text import read_toml
from pyve.project.requirement import IndexOptions

# Handed on as they are.
_KEPT = frozenset(
    {
        *("annotate", "no-annotate", "annotation-style", "strip-extras", "no-strip-extras", "reuse-hashes"),
        *("no-reuse-hashes", "max-rounds", "build-isolation", "no-build-isolation", "unsafe-package", "pip-args"),
        *("resolver", "uploaded-prior-to", "cert", "client-cert"),
    }
)
# Where packages come from: counts as if it stood in the requirements file. The values are pip's own names.
_INDEX = {
    "index-url": "index_url",
    "extra-index-url": "extra_index_urls",
    "find-links": "find_links",
    "trusted-host": "trusted_hosts",
    "no-index": "no_index",
    "pre": "pre",
}
_LISTS = ("extra_index_urls", "find_links", "trusted_hosts")
# What would make another lock than pyve promises, or is decided by pyve's own options.
_PASSED_OVER = {
    "generate-hashes": "locks by pyve always hold hashes",
    "extra": "pyve's own `extras` count",
    "all-extras": "pyve's own `extras` count",
    "constraint": "write it into the requirements file, as in: -c constraints.txt",
    "build-deps-for": "what builds need is not installed",
    "all-build-deps": "what builds need is not installed",
    "only-build-deps": "what builds need is not installed",
}


@dataclass(frozen=True, kw_only=True)
class PipToolsSettings:
    """`options` go to pip-compile; `index` counts beside the requirements files' own; `notes` are for people."""

    options: Mapping[str, object] = field(default_factory=dict)
    index: IndexOptions = field(default_factory=IndexOptions)
    notes: tuple[str, ...] = ()


def read_pip_tools_table(root: Path) -> tuple[Mapping[str, object], str] | None:
    """The options for pip-compile and the file that they stand in; None where the project has none.

    .pip-tools.toml comes before pyproject.toml, and [tool.pip-tools.compile] over [tool.pip-tools], as for pip-compile.
    """
    for name in (".pip-tools.toml", "pyproject.toml"):
        path = root / name
        if not has_manifest(path):
            continue
        document = read_toml(decode_utf8(read_manifest_bytes(path), path), show_path(path, root))
        tools = document.get("tool")
        table = tools.get("pip-tools") if isinstance(tools, dict) else None
        if isinstance(table, dict):
            own = table.get("compile")
            shared = {key: value for key, value in table.items() if not isinstance(value, dict)}
            return {**shared, **(own if isinstance(own, dict) else {})}, name
    return None


def read_pip_tools_settings(root: Path) -> PipToolsSettings:
    """Read what the project says to pip-compile; keys may be written with `_` for `-`."""
    found = read_pip_tools_table(root)
    if found is None:
        return PipToolsSettings()
    table, name = found
    options: dict[str, object] = {}
    index = IndexOptions()
    notes = []
    for written, value in table.items():
        key = written.replace("_", "-").lstrip("-")
        if key in _KEPT:
            options[key] = value
        elif key in _INDEX:
            index = add_options(index, _as_option(_INDEX[key], value), root=root, folder=root)
        elif key in _PASSED_OVER and bool(value) is not (key == "generate-hashes"):
            notes.append(f"{name}: [tool.pip-tools] {key} does not count here: {_PASSED_OVER[key]}.")
    return PipToolsSettings(options=options, index=index, notes=tuple(notes))


def _as_option(name: str, value: object) -> dict[str, object]:
    if name not in _LISTS:
        return {name: value}
    return {name: [str(one) for one in value] if isinstance(value, list) else [str(value)]}
