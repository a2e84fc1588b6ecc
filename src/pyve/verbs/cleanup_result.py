"""How the verbs that delete end: the plan, what was done of it, and what is still there."""

import shlex
from dataclasses import dataclass

from pyve.cleanup.purge_plan import OUTPUT_UNKNOWN
from pyve.cleanup.removal import Applied
from pyve.cleanup.removal_plan import Removal, RemovalPlan
from pyve.errors import PartlyDoneError
from pyve.verbs.outcome import Outcome, Problem


@dataclass(frozen=True, kw_only=True)
class CleanupResult:
    """A plan, and what has been done of it: nothing yet after planning."""

    plan: RemovalPlan
    removed: tuple[Removal, ...] = ()
    freed_bytes: int = 0


def conclude(plan: RemovalPlan, applied: Applied, *, hint: str) -> Outcome[CleanupResult]:
    """The end of a plan that was carried out; exit status 8 when something of it is still there."""
    left = tuple(_partly_done(f"{failed.path} is still there: {failed.reason}.", hint) for failed in applied.failed)
    problems = (*problems_of_plan(plan, hint=hint), *left)
    freed_bytes = sum(removal.bytes for removal in applied.removed)
    return Outcome(
        data=CleanupResult(plan=plan, removed=applied.removed, freed_bytes=freed_bytes),
        problems=problems,
        exit_status=PartlyDoneError.exit_status if problems else 0,
    )


def problems_of_plan(plan: RemovalPlan, *, hint: str) -> tuple[Problem, ...]:
    """What the plan refuses to do, and what it cannot decide about, as problems."""
    undecided = tuple(
        _partly_done(f"{kept.path} stays: {kept.reason}.", f"if you do not need it: rm -r {shlex.quote(kept.path)}")
        for kept in plan.keep
        if kept.reason == OUTPUT_UNKNOWN
    )
    refused = tuple(_partly_done(f"{refused.path}: {refused.reason}.", hint) for refused in plan.refused)
    return (*refused, *undecided)


def _partly_done(message: str, hint: str) -> Problem:
    return Problem(code=PartlyDoneError.code, message=message, hint=hint)
