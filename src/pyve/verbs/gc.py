"""gc: remove environments that nobody has used for long."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from pyve.cleanup.environment_removals import KnownEnvironment
from pyve.cleanup.gc_plan import GcRules, explain_keeping, plan_gc
from pyve.cleanup.gone_project import is_gone
from pyve.cleanup.last_use import keeps_access_times
from pyve.cleanup.removal import apply_plan
from pyve.cleanup.removal_plan import Removal, RemovalPlan
from pyve.environments.state import registered_projects
from pyve.environments.store import EnvironmentStore
from pyve.errors import UsageError
from pyve.system.process_usage import ProcessUsage, UsedPath, read_process_usage
from pyve.verbs.cleanup_result import CleanupResult, conclude, problems_of_plan
from pyve.verbs.outcome import Outcome
from pyve.verbs.situation import Situation, find_project, store_of

_SHOW_PLAN = "pyve gc --dry-run"


@dataclass(frozen=True, kw_only=True)
class GcRequest:
    """Options of `gc`. `days` None: the user's setting. `gone_projects` counts with `all_projects` alone.

    `only_gone` leaves the projects out whose directory is there: `allow --prune`.
    """

    days: int | None = None
    all_projects: bool = False
    gone_projects: bool = False
    only_gone: bool = False
    keep_previous: bool = True
    kept_names: tuple[str, ...] = ()


def plan_gc_of(
    situation: Situation,
    request: GcRequest,
    *,
    now: datetime | None = None,
    list_usage: Callable[[], ProcessUsage] = read_process_usage,
) -> Outcome[CleanupResult]:
    """What gc will do. Raises NoProjectError and UsageError (days below zero)."""
    rules = _read_rules(situation, request, now=now, usage=list_usage())
    stores = _stores(situation, request)
    plan = plan_gc(stores, rules, state_directory=situation.state_directory)
    notes = () if request.only_gone else _notes(stores, rules)
    return Outcome(data=CleanupResult(plan=plan), notes=notes, problems=problems_of_plan(plan, hint=_SHOW_PLAN))


def gc(
    situation: Situation,
    request: GcRequest,
    plan: RemovalPlan,
    *,
    now: datetime | None = None,
    list_usage: Callable[[], ProcessUsage] = read_process_usage,
    on_removal: Callable[[Removal], None] = lambda _removal: None,
) -> Outcome[CleanupResult]:
    """Do `plan`, as plan_gc_of made it; what has come into use since stays. Exit status 8 when something stays."""
    rules = _read_rules(situation, request, now=now, usage=list_usage())

    def has_come_into_use(store: EnvironmentStore, removal: Removal) -> str | None:
        if is_gone(store.state.root):
            return None
        directory = Path(removal.path)
        known = KnownEnvironment(directory=directory, record=store.record_named(directory.name))
        return explain_keeping(store, known, rules)

    stores = {str(store.state.root): store for store in _stores(situation, replace(request, only_gone=False))}
    applied = apply_plan(plan, stores=stores, guard=has_come_into_use, on_removal=on_removal)
    return conclude(plan, applied, hint=_SHOW_PLAN)


def _read_rules(situation: Situation, request: GcRequest, *, now: datetime | None, usage: ProcessUsage) -> GcRules:
    days = situation.settings.gc_days if request.days is None else request.days
    if days < 0:
        raise UsageError(f"--days {days}: a number of days is zero or more.", hint="pyve gc --days 30")
    own = tuple(
        UsedPath(pid=0, what=name, path=path)
        for name in ("VIRTUAL_ENV", "CONDA_PREFIX")
        if (path := situation.environment.get(name))
    )
    return GcRules(
        days=days,
        now=now or datetime.now(timezone.utc),
        usage=replace(usage, paths=(*usage.paths, *own)),
        kept_names=request.kept_names,
        keep_previous=request.keep_previous,
        gone_projects=request.gone_projects and request.all_projects,
    )


def _stores(situation: Situation, request: GcRequest) -> list[EnvironmentStore]:
    if not request.all_projects:
        return [store_of(situation, find_project(situation))]
    states = registered_projects(situation.state_directory)
    return [store_of(situation, state) for state in states if not request.only_gone or is_gone(state.root)]


def _notes(stores: list[EnvironmentStore], rules: GcRules) -> tuple[str, ...]:
    notes = []
    if not rules.usage.known:
        notes.append(f"{rules.usage.reason}: no finished environment is removed.")
    if any(keeps_access_times(store.folder) is False for store in stores):
        notes.append("This disk keeps no access times: last use is the last build or run by pyve.")
    return tuple(notes)
