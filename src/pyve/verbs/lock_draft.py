"""A lock before it is resolved: what is there, and what is to be said of it."""

from dataclasses import dataclass
from pathlib import Path

from pyve.project.locking.freshness import LockJudgement
from pyve.project.locking.lock_stamp import LockStamp
from pyve.project.locking.lock_target import LockTarget
from pyve.verbs.file_changes import read_before
from pyve.verbs.lock_freshness import judge_lock_target, read_usable_stamp
from pyve.verbs.lock_project import LockProject


@dataclass(frozen=True, kw_only=True)
class LockDraft:
    """A target before it is resolved; `text` is the lock that is there, None where there is none that can be read."""

    target: LockTarget
    judgement: LockJudgement
    before: bytes | None
    text: str | None
    stamp: LockStamp | None


def draft_lock(project: LockProject, target: LockTarget) -> LockDraft:
    """Read and judge the lock that is there. Raises what judging it raises."""
    before = read_before(target.destination)
    text = None if before is None else _decode(before)
    return LockDraft(
        target=target,
        judgement=judge_lock_target(project, target),
        before=before,
        text=text,
        stamp=read_usable_stamp(text, target.format),
    )


def read_lock_text(path: Path) -> str | None:
    """The text of a lock, None where there is none."""
    content = read_before(path)
    return None if content is None else _decode(content)


def _decode(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
