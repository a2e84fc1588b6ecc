"""Where a project says that its packages come from, so that a change of it can be noticed."""

import hashlib
import json
from typing import Any

from pyve.errors import ManifestUnreadableError
from pyve.project.canonical_demand import canonical_options
from pyve.project.declaration import Declaration
from pyve.project.manifest import UV_SETTINGS_NAME, read_manifest_bytes
from pyve.project.manifests.toml_text import parse_toml

_UV_SAYS_HOW = ("binary", "build")  # no-binary, no-build-isolation, extra-build-dependencies, ...


def digest_origins(declaration: Declaration) -> str:
    """A digest of the index options and of everything that is set for uv; empty where nothing is said."""
    options = {
        name: value
        for name, value in canonical_options(declaration.requirements.options, declaration.root).items()
        if value
    }
    uv = _read_uv(declaration)
    if not options and not uv:
        return ""
    return hashlib.sha256(json.dumps([options, uv], sort_keys=True, default=str).encode()).hexdigest()


def lets_uv_build(declaration: Declaration) -> bool:
    """Whether what is set for uv speaks of builds, which it may then run although only wheels are asked for."""
    text = json.dumps(_read_uv(declaration), default=str)
    return any(word in text for word in _UV_SAYS_HOW)


def _read_uv(declaration: Declaration) -> list[Any]:
    tools = _read(declaration, "pyproject.toml").get("tool")
    tables = (tools.get("uv") if isinstance(tools, dict) else None, _read(declaration, UV_SETTINGS_NAME))
    return [table for table in tables if table]


def _read(declaration: Declaration, name: str) -> dict[str, Any]:
    try:
        return parse_toml(read_manifest_bytes(declaration.root / name).decode("utf-8-sig"))
    except (ManifestUnreadableError, ValueError):  # not there: what is broken has been told when it was read
        return {}
