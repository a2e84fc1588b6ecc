"""purge: take out of a project everything that pyve put there, and nothing else."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.cleanup.purge_plan import plan_purge
from pyve.cleanup.removal import apply_plan
from pyve.cleanup.removal_plan import Removal, RemovalPlan
from pyve.errors import NoProjectError, RefusedError
from pyve.system.process_usage import ProcessUsage, read_process_usage
from pyve.verbs.cleanup_result import CleanupResult, conclude, problems_of_plan
from pyve.verbs.outcome import Outcome
from pyve.verbs.situation import Situation, find_project, store_of

_SHOW_PLAN = "pyve purge --dry-run"


@dataclass(frozen=True, kw_only=True)
class PurgeRequest:
    """Options of `purge`. `keep_env` leaves .pyve, its environments and the state, so that `run` goes on working."""

    keep_env: bool = False


def plan_purge_of(
    situation: Situation,
    request: PurgeRequest,
    *,
    list_usage: Callable[[], ProcessUsage] = read_process_usage,
) -> Outcome[CleanupResult]:
    """What purge will do here; a process that uses what goes is named.

    Raises NoProjectError, RefusedError (nothing can be done) and StateTooNewError.
    """
    try:
        state = find_project(situation)
    except NoProjectError as error:
        foreign = _find_foreign_workshop(situation.directory)
        if foreign is None:
            raise
        raise NoProjectError(
            f"{foreign} is not known to this machine's state, so it is not pyve's to delete.",
            hint=f"if you do not need it: rm -r {shlex.quote(str(foreign))}",
        ) from error
    plan = plan_purge(store_of(situation, state), state_directory=situation.state_directory, keep_env=request.keep_env)
    if any(removal.kind == "environment" for removal in plan.remove):
        usage = list_usage()
        plan = replace(plan, remove=tuple(_name_user(removal, usage) for removal in plan.remove))
    if plan.refused and not plan.remove:
        raise RefusedError(" ".join(f"{refused.path}: {refused.reason}." for refused in plan.refused))
    return Outcome(data=CleanupResult(plan=plan), problems=problems_of_plan(plan, hint=_SHOW_PLAN))


def _name_user(removal: Removal, usage: ProcessUsage) -> Removal:
    user = usage.find_user_of(Path(removal.path)) if removal.kind == "environment" else None
    if user is None:
        return removal
    return replace(removal, reason=f"{removal.reason}; process {user.pid} has it as {user.what}")


def purge(
    situation: Situation, plan: RemovalPlan, *, on_removal: Callable[[Removal], None] = lambda _removal: None
) -> Outcome[CleanupResult]:
    """Do `plan`, as plan_purge_of made it; exit status 8 when something of it is still there."""
    state = find_project(situation)
    store = store_of(situation, state)
    applied = apply_plan(plan, stores={str(state.root): store}, on_removal=on_removal)
    return conclude(plan, applied, hint=_SHOW_PLAN)


def _find_foreign_workshop(directory: Path) -> Path | None:
    """A `.pyve` at or above, up to the repository's top."""
    for candidate in (directory, *directory.parents):
        if (candidate / ".pyve").is_dir():
            return candidate / ".pyve"
        if (candidate / ".git").exists():
            return None
    return None
