"""Show a removal plan, ask, and carry out the very plan that was shown."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pyve.cli.present.removal import render_plan, render_removed
from pyve.cli.session import Session
from pyve.errors import NotConfirmedError
from pyve.verbs.outcome import Outcome, Problem

if TYPE_CHECKING:
    from pyve.verbs.cleanup_result import CleanupResult


def remove_as_planned(
    session: Session,
    verb: str,
    planned: "Outcome[CleanupResult]",
    *,
    dry_run: bool,
    apply: "Callable[[], Outcome[CleanupResult]]",
    options: Sequence[str] = (),
) -> int:
    """The common end of `purge`, `gc` and `allow --prune`; exit status 1 when the plan was not assented to.

    `options` are the words on the command line that have made this plan.
    """
    if dry_run or not planned.data.plan.remove:
        return session.finish(verb, planned, render_plan)
    if not session.options.json:
        session.paper.print_result(render_plan(planned.data))
    if not session.confirm("Remove these?"):
        words = ["pyve", *verb.split(), *options, "--yes"]
        refusal = Problem.of(NotConfirmedError("Nothing was removed.", hint=shlex.join(words)))
        outcome = replace(planned, problems=(*planned.problems, refusal), exit_status=NotConfirmedError.exit_status)
        return session.finish(verb, outcome, lambda _: [])
    return session.finish(verb, apply(), render_removed)
