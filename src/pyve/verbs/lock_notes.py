"""What is said of a lock that was made: what nobody has asked for, and what the one before could not say."""

from collections.abc import Iterator

from pyve.lockers.locker import LockTask
from pyve.project.conda.subdir import current_subdir
from pyve.project.locking.freshness import LockJudgement, LockState
from pyve.project.locking.lock_stamp import LockStamp
from pyve.project.locking.lock_target import LockFormat
from pyve.project.manifest import has_manifest
from pyve.verbs.lock_python import NEWEST_HERE


def tell_of_lock(task: LockTask, judgement: LockJudgement, stamp: LockStamp | None) -> Iterator[str]:
    """Sentences for people; `judgement` and `stamp` are of the lock that was there."""
    yield from _tell_what_is_lost(task, judgement, stamp)
    foreign = _find_foreign(task)
    if foreign is not None:
        yield f"{task.target.destination.name} counts from now on, and not {foreign}, whose versions are not kept."
    if task.python.source == NEWEST_HERE and not task.python.specifier.startswith("=="):
        told = f"Nothing says which Pythons the lock is for, so it is for {task.python.specifier}"
        yield f"{told}, as the newest one here; for older ones too: pyve lock --python VERSION"


def _tell_what_is_lost(task: LockTask, judgement: LockJudgement, stamp: LockStamp | None) -> Iterator[str]:
    if judgement.state is not LockState.DAMAGED or judgement.conda_lock is not None:
        return
    yield f"{task.target.destination.name} could not be read: it is made anew, and no version of it is kept."
    if stamp is None and task.platforms == (current_subdir(),):
        yield f"It is for this platform alone; to add others: pyve lock --platform {current_subdir()} --platform NAME"


def _find_foreign(task: LockTask) -> str | None:
    """The lock of another tool that counted until now."""
    from pyve.project.foreign_lock import find_foreign_lock
    from pyve.project.manifests.pyproject_toml import read_pyproject_toml

    path = task.root / "pyproject.toml"
    if task.target.format is LockFormat.CONDA_LOCK:
        return None
    return find_foreign_lock(task.root, read_pyproject_toml(path, root=task.root) if has_manifest(path) else None)
