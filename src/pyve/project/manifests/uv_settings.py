"""[tool.uv] of pyproject.toml and uv.toml: uv applies both to every install in the project, so both count."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyve.errors import ManifestInvalidError
from pyve.project.credentials import strip_credentials
from pyve.project.local_content import digest_local_path
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.local_requirement import LocalPath, is_installable
from pyve.project.manifests.manifest_text import decode_utf8, show_path
from pyve.project.manifests.toml_text import read_toml

# What changes how uv works, never which packages it takes.
_IRRELEVANT = frozenset(
    {"cache-dir", "cache-keys", "compile-bytecode", "concurrent-builds", "concurrent-downloads", "concurrent-installs"}
    | {"link-mode", "native-tls", "offline", "preview", "publish-url", "python-downloads", "required-version"}
    | {"build-backend", "default-groups", "dev-dependencies", "managed", "package", "workspace"}
)
_ELSEWHERE = ("target", "prefix")


@dataclass(frozen=True, kw_only=True)
class UvSettings:
    """`canonical` is the table as the fingerprint counts it; `local_sources` are paths, and True for editable ones."""

    canonical: str = ""
    local_sources: tuple[tuple[str, bool], ...] = ()

    def digest_sources(self, root: Path) -> dict[str, str]:
        """Return a digest of what lies at each local source that is there."""
        found = {}
        for location, editable in self.local_sources:
            path = (root / location).resolve()
            if is_installable(LocalPath(path=path)):
                found[location] = digest_local_path(path, editable=editable)
        return found


def read_uv_settings(table: Mapping[str, Any], *, shown: str) -> UvSettings:
    """Return what counts of a [tool.uv] table, or of all of a uv.toml; the values are for uv to judge.

    Raises ManifestInvalidError for what would make uv write elsewhere than into the environment.
    """
    pip = table.get("pip")
    for key in _ELSEWHERE:
        if isinstance(pip, dict) and key in pip:
            raise ManifestInvalidError(
                f"{shown}: `{key}` in uv's pip settings leads every install to {pip[key]!r}, not into the environment.",
                hint=f"take {key} out of it; on the command line: uv pip install --{key}",
            )
    counting = {key: value for key, value in table.items() if key not in _IRRELEVANT}
    if not counting:
        return UvSettings()
    text = json.dumps(counting, sort_keys=True, default=str)
    return UvSettings(canonical=strip_credentials(text), local_sources=tuple(_list_paths(counting.get("sources"))))


def read_uv_toml(path: Path, *, root: Path) -> UvSettings:
    """Read `path`, or raise ManifestInvalidError naming file and line."""
    shown = show_path(path, root)
    return read_uv_settings(read_toml(decode_utf8(read_manifest_bytes(path), path), shown), shown=shown)


def _list_paths(sources: Any) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for source in sources.values() if isinstance(sources, dict) else ():
        found += [
            (one["path"], one.get("editable") is True)
            for one in (source if isinstance(source, list) else [source])
            if isinstance(one, dict) and isinstance(one.get("path"), str)
        ]
    return sorted(set(found))
