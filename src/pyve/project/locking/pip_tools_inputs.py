"""What [tool.pip-tools] says that changes a lock, as inputs of it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from pyve.project.credentials import strip_credentials
from pyve.project.locking.lock_inputs import LockInput
from pyve.project.manifest import has_manifest, read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_utf8, find_line
from pyve.project.manifests.toml_text import read_toml

PIP_TOOLS_SETTINGS_NAME = ".pip-tools.toml"
_COUNTING = frozenset(
    {"index-url", "extra-index-url", "find-links", "no-index", "pre", "unsafe-package", "uploaded-prior-to", "pip-args"}
    | {"strip-extras", "no-strip-extras"}
)


def read_pip_tools_inputs(root: Path) -> Iterator[LockInput]:
    """Read the first file with that table, as pip-compile does; ManifestInvalidError names file and line."""
    for name in (PIP_TOOLS_SETTINGS_NAME, "pyproject.toml"):
        path = root / name
        text = decode_utf8(read_manifest_bytes(path), path) if has_manifest(path) else ""
        if "pip-tools" not in text:
            continue
        tools = read_toml(text, name).get("tool")
        table = tools.get("pip-tools") if isinstance(tools, dict) else None
        if isinstance(table, dict):
            own = table.get("compile")
            options = {**table, **(own if isinstance(own, dict) else {})}
            for written in sorted(options):
                key = written.replace("_", "-").lstrip("-")
                if key in _COUNTING:
                    line = find_line(text, rf"^\s*{re.escape(written)}\s*=")
                    value = strip_credentials(json.dumps(options[written], sort_keys=True, ensure_ascii=False))
                    origin = f"{name}:{line}" if line else name
                    yield LockInput(text=f"setting: pip-tools.{key} {value}", origin=origin)
            return
