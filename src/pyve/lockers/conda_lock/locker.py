"""Locks by conda-lock. What it writes is taken over row by row: the file is made anew, the same as by other lockers."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyve.engines.conda.choice import BOOTSTRAP
from pyve.engines.conda.engine import EngineSurroundings
from pyve.engines.conda.micromamba.session import MicromambaSession
from pyve.environments.progress import Progress, ProgressEvent
from pyve.errors.lock import LockerUnavailableError
from pyve.lockers.conda_lock.solving import TOOL, SubdirLocking
from pyve.lockers.conda_lock.source_file import list_left_out, refuse_unfit
from pyve.lockers.conda_lock_channel import describe_channel
from pyve.lockers.conda_lock_text import CondaLockText, LockedRow
from pyve.lockers.locker import CondaLockRequest, LockedText, LockTask
from pyve.project.manifests.conda_lock_row import LockRow

TRIED_VERSION = "4.0.3"


@dataclass(frozen=True, kw_only=True)
class CondaLockLocker:
    """conda-lock, from an environment of its own, with a micromamba.

    `mapping` is the URL or path of the table of package names that it reads for pip sections; None: its own.
    """

    name: str = "conda-lock"
    mapping: str | None = None

    def lock(self, task: LockTask, progress: Progress) -> LockedText:
        """Make the lock, one platform after the other.

        Raises LockerUnavailableError without a micromamba, LockerUnfitError, and the errors of conda's engines.
        """
        wanted = task.conda
        assert wanted is not None
        refuse_unfit(task)
        if wanted.micromamba is None:
            raise LockerUnavailableError(
                "conda-lock solves with a micromamba, and none is configured or bootstrapped.", hint=BOOTSTRAP
            )
        version = task.tool_version or TRIED_VERSION
        with contextlib.closing(MicromambaSession(_surround(task, wanted))) as session, _make_plain_folder() as folder:
            tool = f"{TOOL} {version} with micromamba {session.about.version}"
            rows: list[LockRow] = []
            for subdir in task.platforms:
                progress(ProgressEvent(phase="solve", message=f"Locking {subdir} with {tool}"))
                rows += SubdirLocking(
                    task=task,
                    session=session,
                    wanted=wanted,
                    subdir=subdir,
                    version=version,
                    temporary=folder,
                    progress=progress,
                    mapping=self.mapping,
                ).lock()
        pips = [wanted.subdirs[subdir].pip for subdir in task.platforms]
        notes = dict.fromkeys((*wanted.notes, *(note for pip in pips for note in list_left_out(pip))))
        return LockedText(body=_compose(task, wanted, rows).write(), tool=tool, notes=tuple(notes))


@contextlib.contextmanager
def _make_plain_folder() -> Iterator[Path]:
    """A folder for temporary files whose path micromamba can take for a channel: in the work's own, a space may be."""
    with tempfile.TemporaryDirectory(prefix="pyve-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _surround(task: LockTask, wanted: CondaLockRequest) -> EngineSurroundings:
    return EngineSurroundings(
        cache_directory=task.cache_directory,
        environment=task.environment,
        log=task.log,
        work_directory=task.work_directory,
        micromamba=wanted.micromamba,
    )


def _compose(task: LockTask, wanted: CondaLockRequest, rows: list[LockRow]) -> CondaLockText:
    return CondaLockText(
        content_hashes={subdir: wanted.subdirs[subdir].content_hash for subdir in task.platforms},
        channels=tuple(map(describe_channel, wanted.channels)),
        sources=wanted.sources,
        rows=tuple(map(_as_locked, rows)),
    )


def _as_locked(row: LockRow) -> LockedRow:
    return LockedRow(
        manager="conda" if row.manager == "conda" else "pip",
        name=row.name,
        version=row.version,
        platform=row.platform,
        url=row.url,
        dependencies=row.dependencies,
        md5=row.md5,
        sha256=row.sha256,
        category=row.category,
    )
