"""The lock that is there, as far as its versions are to be kept: uv takes them as wishes from the file it writes to."""

import re
from typing import Any

from pyve.lockers.locker import LockTask
from pyve.lockers.uv.pylock_writing import write_pylock
from pyve.project.locking.lock_target import LockFormat
from pyve.project.manifests.toml_text import parse_toml
from pyve.project.package_name import normalise_name

_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*==\s*([^\s;\\]+)(?:\s*;\s*([^\\]*?))?\s*\\?$", re.MULTILINE)
# Only a lock with parts knows these; which version counts for which is resolved anew.
_OF_PARTS = re.compile(r"\b(?:extras|dependency_groups)\b")

Pin = tuple[str, str, str]  # name, version, marker


def keep_versions(task: LockTask) -> str | None:
    """Return a file of the lock's format with nothing but the versions to keep; None where there are none.

    What cannot be read of a damaged lock is not kept.
    """
    if task.existing is None or task.upgrade:
        return None
    anew = {normalise_name(name) for name in task.upgrade_packages}
    pins = [pin for pin in _read_pins(task) if normalise_name(pin[0]) not in anew]
    if not pins:
        return None
    if task.target.format is LockFormat.REQUIREMENTS:
        return "".join(f"{name}=={version}{f' ; {marker}' if marker else ''}\n" for name, version, marker in pins)
    rows = [
        {"name": name, "version": version, **({"marker": marker} if marker else {})} for name, version, marker in pins
    ]
    return write_pylock({"lock-version": "1.0", "created-by": "pyve"}, list(rows))


def list_locked_names(task: LockTask) -> tuple[str, ...]:
    """Return the names, normalised, that the lock pins."""
    return tuple(sorted({normalise_name(name) for name, _, _ in _read_pins(task)}))


def _read_pins(task: LockTask) -> list[Pin]:
    text = (task.existing or "").replace("\r\n", "\n")
    if task.target.format is LockFormat.REQUIREMENTS:
        return [(found[1], found[2], (found[3] or "").strip()) for found in _PIN.finditer(text)]
    try:
        packages = parse_toml(text).get("packages", [])
    except ValueError:
        return []
    return [pin for one in packages if (pin := _read_row(one)) is not None]


def _read_row(row: Any) -> Pin | None:
    if not isinstance(row, dict) or any(key in row for key in ("vcs", "directory", "archive")):
        return None
    name, version, marker = row.get("name"), row.get("version"), row.get("marker") or ""
    if not (isinstance(name, str) and isinstance(version, str) and isinstance(marker, str)):
        return None
    return name, version, "" if _OF_PARTS.search(marker) else marker
