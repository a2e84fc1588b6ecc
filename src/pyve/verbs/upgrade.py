"""`pyve upgrade`: lock the newest versions that are allowed, and bring the environment up to them, as one change."""

from dataclasses import dataclass, field, replace

from pyve.environments.progress import Progress
from pyve.errors import NoProjectError, UsageError
from pyve.errors.lock import NothingToLockError
from pyve.verbs.environment_plan import Wishes
from pyve.verbs.file_changes import changed_files
from pyve.verbs.lock import LockResult, describe_locks
from pyve.verbs.lock_plan import LockPlan
from pyve.verbs.lock_project import LockProject, LockWishes, read_lock_project
from pyve.verbs.outcome import Outcome
from pyve.verbs.situation import Situation
from pyve.verbs.sync import SyncRequest, sync
from pyve.verbs.sync_result import SyncResult


@dataclass(frozen=True, kw_only=True)
class UpgradeRequest:
    """`pyve upgrade [NAME]...` with its options; without names everything is upgraded."""

    packages: tuple[str, ...] = ()
    locking: LockWishes = field(default_factory=LockWishes)
    wishes: Wishes = field(default_factory=Wishes)
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class UpgradeResult:
    """What became of the locks and of the environment.

    `locks` is None for a project without locks. `sync` is None for a dry run that would change a lock: what the
    environment gets is what the lock says.
    """

    project: str
    dry_run: bool
    locks: LockResult | None
    sync: SyncResult | None


def upgrade(situation: Situation, request: UpgradeRequest, progress: Progress) -> Outcome[UpgradeResult]:
    """Upgrade the nearest project. Where the environment cannot be built, the locks stay as they were.

    The previous environment is still there: `pyve rollback` goes back to it. A project without a lock is only resolved
    anew. Raises what `lock` and `sync` raise, and UsageError for wishes that only a lock can grant where there is none.
    """
    project = _read_locked_project(situation, request)
    if project is None:
        _refuse_wishes_of_locks(request)
        wishes = replace(request.wishes, upgrade=True)
        outcome = sync(situation, SyncRequest(wishes=wishes, dry_run=request.dry_run), progress)
        data = UpgradeResult(project=outcome.data.project, dry_run=request.dry_run, locks=None, sync=outcome.data)
        return Outcome(data=data, notes=outcome.notes)
    from pyve.verbs.lock_resolution import plan_locks  # a project without locks resolves none

    plan = plan_locks(project, progress)
    notes = tuple(dict.fromkeys(note for one in plan.locks for note in one.notes))
    if request.dry_run and plan.changes:
        return Outcome(data=_describe(plan, None, dry_run=True), notes=notes)
    with changed_files(plan.changes, root=project.root):
        there = replace(situation, directory=project.root)
        outcome = sync(there, SyncRequest(wishes=request.wishes, dry_run=request.dry_run), progress)
    return Outcome(data=_describe(plan, outcome.data, dry_run=request.dry_run), notes=(*notes, *outcome.notes))


def _read_locked_project(situation: Situation, request: UpgradeRequest) -> LockProject | None:
    """The project with all that is to be upgraded; None where nothing is locked yet."""
    wishes = replace(request.locking, upgrade=not request.packages, upgrade_packages=request.packages)
    try:
        project = read_lock_project(situation, wishes)
    except (NothingToLockError, NoProjectError):
        return None
    locked = tuple(target for target in project.targets if target.destination.exists())
    return replace(project, targets=locked) if locked else None


def _refuse_wishes_of_locks(request: UpgradeRequest) -> None:
    if request.packages or request.locking != LockWishes():
        asked = f"{', '.join(request.packages)} alone" if request.packages else "by a locker or a date"
        raise UsageError(
            f"Nothing is locked here, and without a lock nothing can be upgraded {asked}.",
            hint="pyve lock  # or, everything: pyve upgrade",
        )


def _describe(plan: LockPlan, synced: SyncResult | None, *, dry_run: bool) -> UpgradeResult:
    return UpgradeResult(
        project=str(plan.project.root), dry_run=dry_run, locks=describe_locks(plan, dry_run=dry_run), sync=synced
    )
