"""`pyve allow`."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pyve.cli import options
from pyve.cli.session import Session
from pyve.errors import NotConfirmedError, UsageError

if TYPE_CHECKING:
    from pyve.verbs.allow import AllowRequest


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("allow", epilog=epilog)
    def allow(
        context: typer.Context,
        directory: options.Directory = None,
        list_all: Annotated[bool, typer.Option("--list", help="Show every project that is registered.")] = False,
        prune: Annotated[bool, typer.Option("--prune", help="Forget projects whose directory is gone.")] = False,
        dry_run: options.DryRun = False,
    ) -> int:
        """Let a project act on cd, with the variables of its env file.

        Shows what is approved, builds nothing. Asks where a variable reaches beyond the project; --yes assents.
        """
        from pyve.verbs.allow import AllowRequest

        session = options.session_of(context)
        if sum((directory is not None, list_all, prune)) > 1:
            raise UsageError("DIR, --list and --prune are three different things to ask for.", hint="pyve allow --help")
        if list_all:
            return _list(session)
        if prune:
            return _prune(session, dry_run=dry_run)
        return _allow(session, AllowRequest(directory=Path(directory) if directory else None, dry_run=dry_run))


def _allow(session: Session, request: "AllowRequest") -> int:
    from pyve.cli.present.allow import render_allow, render_allowed
    from pyve.verbs.allow import allow, plan_allow
    from pyve.verbs.outcome import Outcome, Problem

    situation = session.situation()
    plan = plan_allow(situation, request)
    shown = Outcome(data=plan.result, notes=plan.notes)
    if request.dry_run:
        return session.finish("allow", shown, render_allow)
    if not plan.result.asks:
        return session.finish("allow", allow(situation, plan), render_allow)
    undone = replace(plan.result, dry_run=True)
    if not session.options.json:
        session.paper.print_result(render_allow(undone))
    if not session.confirm("Take these variables in?"):
        words = ["pyve", "allow", *([str(request.directory)] if request.directory else []), "--yes"]
        refusal = Problem.of(NotConfirmedError("Nothing was approved.", hint=shlex.join(words)))
        refused = Outcome(data=undone, problems=(refusal,), exit_status=NotConfirmedError.exit_status)
        return session.finish("allow", refused, lambda _: [])
    return session.finish("allow", allow(situation, plan), render_allowed)


def _list(session: Session) -> int:
    from pyve.cli.present.allow import render_list
    from pyve.verbs.allowed_projects import list_allowed

    return session.finish("allow --list", list_allowed(session.situation()), render_list)


def _prune(session: Session, *, dry_run: bool) -> int:
    from pyve.cli.removal import remove_as_planned
    from pyve.verbs.allowed_projects import PRUNE
    from pyve.verbs.gc import gc, plan_gc_of

    situation = session.situation()
    planned = plan_gc_of(situation, PRUNE)
    return remove_as_planned(
        session, "allow --prune", planned, dry_run=dry_run, apply=lambda: gc(situation, PRUNE, planned.data.plan)
    )
