"""What is said of a lock that was made: what nobody has asked for, and what the one before could not say."""

from collections.abc import Iterator

from pyve.lockers.locker import LockTask
from pyve.project.conda.subdir import current_subdir
from pyve.project.locking.freshness import LockJudgement, LockState
from pyve.project.locking.lock_stamp import LockStamp
from pyve.verbs.lock_python import NEWEST_HERE


def tell_of_lock(task: LockTask, judgement: LockJudgement, stamp: LockStamp | None) -> Iterator[str]:
    """Sentences for people; `judgement` and `stamp` are of the lock that was there."""
    yield from _tell_what_is_lost(task, judgement, stamp)
    if task.python.source == NEWEST_HERE:
        told = f"Nothing says which Pythons the lock is for, so it is for {task.python.specifier}"
        yield f"{told}, as the newest one here; for older ones too: pyve lock --python VERSION"


def _tell_what_is_lost(task: LockTask, judgement: LockJudgement, stamp: LockStamp | None) -> Iterator[str]:
    if judgement.state is not LockState.DAMAGED or judgement.conda_lock is not None:
        return
    yield f"{task.target.destination.name} could not be read: it is made anew, and no version of it is kept."
    if stamp is None and task.platforms == (current_subdir(),):
        yield f"It is for this platform alone; to add others: pyve lock --platform {current_subdir()} --platform NAME"
