"""When an environment was last used, from what is known without asking it."""

import os
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from pyve.environments.record import EnvironmentRecord
from pyve.environments.store import EnvironmentStore


@dataclass(frozen=True, kw_only=True)
class LastUse:
    """The latest sign of use (UTC) and what kind of sign it is: built, run, or read (by access time)."""

    at: datetime
    evidence: str


def read_last_use(store: EnvironmentStore, record: EnvironmentRecord) -> LastUse:
    """The latest of: built, run (its record is touched then), and read (access time of its pyvenv.cfg or conda-meta).

    Access times only ever make it later, so one that is kept coarsely (relatime) or not at all (noatime) does no harm.
    """
    directory = Path(record.directory)
    signs = [(parse_time(record.created_at), "built"), (_modified(store.record_file(record.key)), "run")]
    signs += [(_accessed(directory / name), "read") for name in ("pyvenv.cfg", "conda-meta/history")]
    known = [LastUse(at=at, evidence=evidence) for at, evidence in signs if at is not None]
    return max(known, key=lambda use: use.at, default=LastUse(at=datetime.now(timezone.utc), evidence="unknown"))


def keeps_access_times(directory: Path) -> bool | None:
    """Whether the file system of `directory` keeps access times; None where the system does not say."""
    flag = getattr(os, "ST_NOATIME", None)
    if flag is None or sys.platform == "win32":
        return None
    try:
        return not os.statvfs(directory).f_flag & flag
    except OSError:
        return None


def parse_time(text: str) -> datetime | None:
    """A time of a record; None when it is none."""
    try:
        parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)


def _modified(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)
    except OSError:
        return None


def _accessed(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_atime, timezone.utc)
    except OSError:
        return None
