"""What `pyve lock` will do to every lock of a project: pure data, between resolving and writing."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyve.project.locking.freshness import LockJudgement
from pyve.project.locking.lock_target import LockTarget
from pyve.verbs.file_changes import FileChange
from pyve.verbs.lock_project import LockProject


@dataclass(frozen=True, kw_only=True)
class PlannedLock:
    """One lock as it is and as it will be; `after` None: it stays. The versions are those of both, by name.

    `judgement` is of the lock that is there. What follows says how it is made, empty for one that stays.
    """

    target: LockTarget
    judgement: LockJudgement
    before: bytes | None
    after: bytes | None = None
    versions_before: Mapping[str, tuple[str, ...]]
    versions_after: Mapping[str, tuple[str, ...]]
    platforms: tuple[str, ...] = ()
    python: str = ""
    locker: str = ""
    locker_reason: str = ""
    tool: str = ""
    notes: tuple[str, ...] = ()

    @property
    def change(self) -> FileChange | None:
        """What is written, None where nothing is."""
        if self.after is None or self.after == self.before:
            return None
        return FileChange(path=self.target.destination, before=self.before, after=self.after)

    @property
    def text(self) -> str:
        """What it will hold."""
        content = self.before if self.after is None else self.after
        return (content or b"").decode("utf-8-sig", errors="replace")


@dataclass(frozen=True, kw_only=True)
class LockPlan:
    """What `pyve lock` will do; nothing is written yet."""

    project: LockProject
    locks: tuple[PlannedLock, ...]

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """The files that are written, in order."""
        return tuple(one.change for one in self.locks if one.change is not None)
