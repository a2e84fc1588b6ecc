"""What `add` and `remove` share: declaration, locks and environment change together, or all stay as they were."""

import contextlib
import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyve.environments.progress import Progress
from pyve.errors import InterruptedByUserError, PyveError
from pyve.errors.lock import LockChangedError, NothingToLockError
from pyve.verbs.declaration_edit import DeclarationEdit, DeclaredChange
from pyve.verbs.edited_project import EditedProject, tell_parts_left_out
from pyve.verbs.environment_in_use import put_environment_back, remember_environment
from pyve.verbs.environment_plan import Wishes
from pyve.verbs.file_changes import FileChange, apply_changes, take_back
from pyve.verbs.lock import LockResult, describe_locks
from pyve.verbs.lock_plan import LockPlan
from pyve.verbs.lock_project import LockWishes, read_lock_project
from pyve.verbs.outcome import Outcome
from pyve.verbs.refused_change import tell_left, tell_put_back
from pyve.verbs.situation import Situation
from pyve.verbs.sync import SyncRequest, sync
from pyve.verbs.sync_result import SyncResult


@dataclass(frozen=True, kw_only=True)
class Consequences:
    """What follows a change of the declaration: whether it is written at all, locked, and installed."""

    dry_run: bool = False
    lock: bool = True
    sync: bool = True
    locking: LockWishes = field(default_factory=LockWishes)
    wishes: Wishes = field(default_factory=Wishes)


@dataclass(frozen=True, kw_only=True)
class DeclarationChangeResult:
    """What `add` and `remove` did, or with `dry_run` would write.

    `diff` is that of the declaring files. `locks` is None where nothing was locked, `sync` where nothing was installed.
    """

    project: str
    dry_run: bool
    changes: tuple[DeclaredChange, ...]
    diff: str
    locks: LockResult | None = None
    sync: SyncResult | None = None


def carry_out(
    situation: Situation,
    project: EditedProject,
    edit: DeclarationEdit,
    consequences: Consequences,
    progress: Progress,
) -> Outcome[DeclarationChangeResult]:
    """Write `edit`, lock, and bring the environment up.

    Where one of them fails or is interrupted, the files and the environment in use are put back as they were; what
    somebody else has changed meanwhile is left alone, and told. The error is the one of the step that failed. Raises
    LockChangedError where a file is not any more what it was when it was read.
    """
    locks, synced, notes = None, None, edit.notes
    if edit.files and not consequences.dry_run:
        with _all_or_nothing(situation, project, edit) as done:
            _write(edit.files, project.root, done)
            if consequences.lock:
                locks, more = _lock(situation, project, consequences, progress, done)
                notes += more
            if consequences.sync:
                there = replace(situation, directory=project.root)
                outcome = sync(there, SyncRequest(wishes=consequences.wishes), progress)
                synced, notes = outcome.data, (*notes, *outcome.notes)
                notes += tell_parts_left_out(project, edit.changes) if edit.changes[0].action != "removed" else ()
    data = DeclarationChangeResult(
        project=str(project.root),
        dry_run=consequences.dry_run,
        changes=edit.changes,
        diff=edit.diff,
        locks=locks,
        sync=synced,
    )
    return Outcome(data=data, notes=tuple(dict.fromkeys(notes)))


def _lock(
    situation: Situation,
    project: EditedProject,
    consequences: Consequences,
    progress: Progress,
    done: list[FileChange],
) -> tuple[LockResult | None, tuple[str, ...]]:
    """Make the locks that do not answer the declaration any more; None where there is nothing to lock."""
    from pyve.verbs.lock_resolution import plan_locks  # what changes nothing resolves nothing

    try:
        locked = read_lock_project(situation, consequences.locking, root=project.root)
    except NothingToLockError:
        return None, ()
    plan: LockPlan = plan_locks(locked, progress)
    _write(plan.changes, project.root, done)
    notes = tuple(note for one in plan.locks for note in one.notes)
    return describe_locks(plan, dry_run=False), notes


def _write(files: Sequence[FileChange], root: Path, done: list[FileChange]) -> None:
    done += files  # first: interrupted in between, they are looked at as well
    try:
        apply_changes(files, root=root)
    except LockChangedError:
        del done[len(done) - len(files) :]
        raise


@contextlib.contextmanager
def _all_or_nothing(situation: Situation, project: EditedProject, edit: DeclarationEdit) -> Iterator[list[FileChange]]:
    """Yield the list of changes that the block makes; where the block fails they are taken back."""
    done: list[FileChange] = []
    in_use = remember_environment(project.state)
    try:
        yield done
    except BaseException as error:
        with _without_interrupts():
            left = take_back(done, root=project.root)
            put_environment_back(situation, in_use)
        if isinstance(error, KeyboardInterrupt):
            told = tell_left(left) or "what is declared, locked and in use is as it was"
            raise InterruptedByUserError(f"Interrupted; {told}.") from error
        if isinstance(error, PyveError):
            raise tell_put_back(error, edit, left) from error
        raise


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let no second Ctrl-C stop what puts things back: it takes milliseconds."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
