"""What says how the project itself is installed: when it changes, an editable install is refreshed in place."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyve.errors import ManifestUnreadableError
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.toml_text import parse_toml
from pyve.project.package_name import normalise_name
from pyve.system.files import digest_file


def digest_own_metadata(root: Path) -> str:
    """SHA-256 of what the build system reads to install the project at `root`.

    Of pyproject.toml these are [project], [build-system] and the tables of the tools that build it, so that a setting
    of a linter does not count; setup.py and setup.cfg count by their bytes. A file that is broken counts by its
    bytes.
    """
    parts = [_digest_pyproject(root / "pyproject.toml"), *(_digest(root / name) for name in ("setup.py", "setup.cfg"))]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _digest(path: Path) -> str:
    try:
        return digest_file(path)
    except OSError:
        return "unreadable"


def _digest_pyproject(path: Path) -> str:
    try:
        document = parse_toml(read_manifest_bytes(path).decode("utf-8-sig"))
    except (ManifestUnreadableError, ValueError):
        return _digest(path)
    build = document.get("build-system")
    tools = document.get("tool")
    counts = {
        "project": document.get("project"),
        "build-system": build,
        "tool": _tables_of_build(tools if isinstance(tools, dict) else {}, build),
    }
    text = json.dumps(counts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _tables_of_build(tools: Mapping[str, Any], build: Any) -> Mapping[str, Any]:
    """The [tool] tables of what builds the project, by its names: hatchling and hatch-vcs read [tool.hatch]."""
    build = build if isinstance(build, dict) else {}
    if "backend-path" in build:
        return tools  # a backend of the project's own reads what it likes
    requires = build.get("requires")
    words = [str(word) for word in requires] if isinstance(requires, list) else []
    words = [*words, str(build.get("build-backend", "setuptools"))]
    names = [normalise_name(match[0]) for word in words if (match := re.match(r"[A-Za-z0-9._-]*[A-Za-z0-9]", word))]
    return {
        tool: table for tool, table in tools.items() if any(name.startswith(normalise_name(tool)) for name in names)
    }
