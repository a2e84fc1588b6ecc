"""The lock that is there, as far as its versions are to be kept: uv takes them as wishes from the file it writes to."""

import re
from typing import Any

from pyve.lockers.locker import LockTask
from pyve.lockers.uv.pylock_writing import write_pylock
from pyve.project.locking.lock_target import LockFormat
from pyve.project.manifests.toml_text import parse_toml
from pyve.project.package_name import normalise_name

_PIN = re.compile(
    r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]\n]*\])?[ \t]*==[ \t]*([A-Za-z0-9][\w.+!-]*)"
    r"(?:[ \t]*;[ \t]*([^\\\n#]*?))?[ \t]*\\?$",
    re.MULTILINE,
)
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
    pins = [pin for pin in _read_pins(task.existing, task.target.format) if normalise_name(pin[0]) not in anew]
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
    return tuple(sorted({name for name, _ in list_pins(task.existing or "", task.target.format)}))


def list_pins(text: str, lock_format: LockFormat) -> list[tuple[str, str]]:
    """Return the names, normalised, and versions in the text of a lock; of a damaged one what can be read."""
    return [(normalise_name(name), version) for name, version, _ in _read_pins(text, lock_format)]


def _read_pins(text: str, lock_format: LockFormat) -> list[Pin]:
    text = text.replace("\r\n", "\n")
    if lock_format is LockFormat.REQUIREMENTS:
        found = [(one[1], one[2], (one[3] or "").strip()) for one in _PIN.finditer(text)]
        return [pin for pin in found if _is_sound(pin)]
    try:
        packages = parse_toml(text).get("packages", [])
    except ValueError:
        return []
    rows = [_read_row(one) for one in packages] if isinstance(packages, list) else []
    return [pin for pin in rows if pin is not None and _is_sound(pin)]


def _is_sound(pin: Pin) -> bool:
    """False for what uv would stumble over."""
    from packaging.markers import InvalidMarker, Marker
    from packaging.version import InvalidVersion, Version

    try:
        Version(pin[1])
        if pin[2]:
            Marker(pin[2])
    except (InvalidVersion, InvalidMarker):
        return False
    return True


def _read_row(row: Any) -> Pin | None:
    if not isinstance(row, dict) or any(key in row for key in ("vcs", "directory", "archive")):
        return None
    name, version, marker = row.get("name"), row.get("version"), row.get("marker") or ""
    if not (isinstance(name, str) and isinstance(version, str) and isinstance(marker, str)):
        return None
    return name, version, "" if _OF_PARTS.search(marker) else marker
