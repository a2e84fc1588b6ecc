"""The uv that locks, and its version without asking it each time: that would be a process more."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from pyve.engines.installer_choice import OLDEST_UV, find_uv, list_uv_candidates
from pyve.engines.uv import read_uv_version
from pyve.errors.lock import LockerUnavailableError
from pyve.system.files import write_atomically

_CACHE = "uv-version.json"


def find_locking_uv(environment: Mapping[str, str], cache_directory: Path) -> tuple[Path, str]:
    """Return the uv that came with pyve, else that on PATH, and its version; LockerUnavailableError without one.

    What the first one told of its version is believed as long as the same file is there.
    """
    cache = cache_directory / _CACHE
    for candidate in list_uv_candidates(environment)[:1]:
        version = _remembered(candidate, cache)
        if version and tuple(int(part) for part in version.split(".")[:2]) >= OLDEST_UV:
            return candidate, version
    executable, problem = find_uv(environment)
    if executable is None:
        raise LockerUnavailableError(
            f"uv, which shall lock, cannot run here: {problem}.",
            hint='pip install "uv>=0.11"  # or lock with pip-tools: pyve config set lock.locker pip-tools',
        )
    version = read_uv_version(executable)
    _remember(executable, version, cache)
    return executable, version


def _identity(executable: Path) -> list[object]:
    status = executable.stat()
    return [os.fspath(executable), status.st_size, status.st_mtime_ns, status.st_ino]


def _remembered(executable: Path, cache: Path) -> str | None:
    try:
        known = json.loads(cache.read_bytes())
        version = known["version"] if known["file"] == _identity(executable) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return version if isinstance(version, str) and version[:1].isdigit() else None


def _remember(executable: Path, version: str, cache: Path) -> None:
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(cache, json.dumps({"file": _identity(executable), "version": version}).encode())
    except OSError:  # the next lock asks again
        return
