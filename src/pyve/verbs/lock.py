"""`pyve lock`: turn what the project declares into exact, hashed pins, or tell whether that was done."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyve.environments.progress import Progress
from pyve.project.locking.freshness import LockJudgement, LockState
from pyve.project.locking.lock_target import LockTarget
from pyve.verbs.file_changes import apply_changes
from pyve.verbs.lock_freshness import judge_lock_target
from pyve.verbs.lock_plan import LockPlan, PlannedLock
from pyve.verbs.lock_project import LockProject, LockWishes, read_lock_project
from pyve.verbs.outcome import Outcome, Problem
from pyve.verbs.situation import Situation


@dataclass(frozen=True, kw_only=True)
class LockRequest:
    """`pyve lock` with its options; with `check` nothing is resolved or written."""

    wishes: LockWishes = field(default_factory=LockWishes)
    check: bool = False
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class LockReport:
    """One lock. Paths are relative to the project where they lie in it.

    `state` is one of LockState's values, of the lock as it was found; `reasons` say what is not as it should be, and
    `judged_by` whether the lock says itself what it was made from ("digest") or its pins were compared ("content").
    `action` is "create", "update" or "keep"; of --check always "keep". `added`, `removed` and `changed` (`old -> new`)
    are packages by name. `locker` and what belongs to it are empty where nothing tells.
    """

    source: str
    destination: str
    format: str
    reason: str
    state: str
    reasons: tuple[str, ...]
    judged_by: str
    action: str
    packages: int
    added: Mapping[str, str] = field(default_factory=dict)
    removed: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)
    platforms: tuple[str, ...] = ()
    python: str = ""
    locker: str = ""
    locker_reason: str = ""
    tool: str = ""


@dataclass(frozen=True, kw_only=True)
class LockResult:
    """What `pyve lock` did, with `dry_run` would do, or with `check` found."""

    project: str
    check: bool
    dry_run: bool
    locks: tuple[LockReport, ...]


def lock(situation: Situation, request: LockRequest, progress: Progress) -> Outcome[LockResult]:
    """Lock the nearest project. Exit status 1 of a check that finds a lock missing or not up to date.

    Every lock is resolved before the first is written, and they are written together or not at all.
    """
    project = read_lock_project(situation, request.wishes)
    if request.check:
        return _check(project)
    from pyve.verbs.lock_resolution import plan_locks  # a check resolves nothing

    plan = plan_locks(project, progress)
    if not request.dry_run:
        apply_changes(plan.changes, root=project.root)
    notes = tuple(dict.fromkeys(note for one in plan.locks for note in one.notes))
    if plan.changes and not request.dry_run and project.state.is_registered() and request.wishes.output is None:
        notes += ("The environment is as it was; to bring it up to date: pyve sync",)
    return Outcome(data=describe_locks(plan, dry_run=request.dry_run), notes=notes)


def describe_locks(plan: LockPlan, *, dry_run: bool) -> LockResult:
    """The result of a plan."""
    project = plan.project
    reports = tuple(_describe(project, one) for one in plan.locks)
    return LockResult(project=str(project.root), check=False, dry_run=dry_run, locks=reports)


def _check(project: LockProject) -> Outcome[LockResult]:
    judged = [(target, judge_lock_target(project, target)) for target in project.targets]
    reports = tuple(_report_judgement(project, target, judgement) for target, judgement in judged)
    problems = tuple(_tell(project, target, one) for target, one in judged if not one.is_fresh)
    data = LockResult(project=str(project.root), check=True, dry_run=False, locks=reports)
    return Outcome(data=data, problems=problems, exit_status=1 if problems else 0)


def _report_judgement(project: LockProject, target: LockTarget, judgement: LockJudgement) -> LockReport:
    return LockReport(
        source=project.show(target.source),
        destination=project.show(target.destination),
        format=target.format.value,
        reason=target.reason,
        state=judgement.state.value,
        reasons=judgement.reasons,
        judged_by=judgement.judged_by,
        action="keep",
        packages=0,
    )


def _tell(project: LockProject, target: LockTarget, judgement: LockJudgement) -> Problem:
    """One sentence: which lock. Why is told by its report."""
    name = project.show(target.destination)
    is_missing = judgement.state is LockState.MISSING
    message = f"There is no {name} yet." if is_missing else f"{name} does not answer what is declared."
    return Problem(code="lock-stale", message=message, hint=_command(project.wishes))


def _command(wishes: LockWishes) -> str:
    """The line that makes the lock which was asked about."""
    options = [
        *(("--platform", one) for one in wishes.platforms),
        *(("--extra", one) for one in wishes.extras),
        *(("--group", one) for one in wishes.groups),
        *((("--python", wishes.python),) if wishes.python else ()),
        *((("--exclude-newer", wishes.exclude_newer),) if wishes.exclude_newer else ()),
        *((("--locker", wishes.locker),) if wishes.locker else ()),
        *((("--output", str(wishes.output)),) if wishes.output else ()),
    ]
    return shlex.join(["pyve", "lock", *(word for option in options for word in option)])


def _describe(project: LockProject, one: PlannedLock) -> LockReport:
    before, after = one.versions_before, one.versions_after
    action = "keep" if one.change is None else "create" if one.before is None else "update"
    return LockReport(
        source=project.show(one.target.source),
        destination=project.show(one.target.destination),
        format=one.target.format.value,
        reason=one.target.reason,
        state=one.judgement.state.value,
        reasons=one.judgement.reasons,
        judged_by=one.judgement.judged_by,
        action=action,
        packages=len(after),
        added={name: _join(after[name]) for name in after if name not in before},
        removed={name: _join(before[name]) for name in before if name not in after},
        changed={
            name: f"{_join(before[name])} -> {_join(after[name])}"
            for name in after
            if name in before and before[name] != after[name]
        },
        platforms=one.platforms,
        python=one.python,
        locker=one.locker,
        locker_reason=one.locker_reason,
        tool=one.tool,
    )


def _join(versions: tuple[str, ...]) -> str:
    return ", ".join(versions)
