"""`pyve hook`."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from pyve.cli import options
from pyve.cli.session import Session

if TYPE_CHECKING:
    from pyve.verbs.hook import HookRequest, PlannedHook


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("hook", epilog=epilog)
    def hook(
        context: typer.Context,
        shell: options.Shell = None,
        install: Annotated[
            bool, typer.Option("--install", help="Load it from the shell's startup file from now on.")
        ] = False,
        uninstall: Annotated[
            bool, typer.Option("--uninstall", help="Take it out again; of every shell where none is named.")
        ] = False,
        dry_run: options.DryRun = False,
    ) -> int:
        """Print the shell code that activates on cd, for eval; or install it.

        Shows which startup file is edited and how, and asks; --yes assents.
        """
        from pyve.errors import UsageError
        from pyve.verbs.hook import plan_hook_installation, plan_hook_removal

        session = options.session_of(context)
        if install and uninstall:
            raise UsageError("--install and --uninstall ask for opposite things.", hint="give one of them")
        if dry_run and not install and not uninstall:
            raise UsageError("--dry-run shows what --install or --uninstall would do.", hint="pyve hook --install -n")
        request = _make_request(session, shell)
        if not install and not uninstall:
            return _print(session, request)
        plan = plan_hook_installation if install else plan_hook_removal
        word = "--install" if install else "--uninstall"
        return _change(session, request, plan(request), word=word, dry_run=dry_run)


def _make_request(session: Session, shell: str | None) -> "HookRequest":
    from pyve.system.own_command import find_own_command
    from pyve.verbs.hook import HookRequest
    from pyve.verbs.shell_choice import read_shell_choice

    situation = session.situation()
    return HookRequest(
        shell=read_shell_choice(shell),
        home=situation.home,
        environment=session.environment,
        state_directory=situation.state_directory,
        command=find_own_command(),
    )


def _print(session: Session, request: "HookRequest") -> int:
    from pyve.cli.present.stdout import write_verbatim
    from pyve.verbs.hook import print_hook

    outcome = print_hook(request)
    if session.options.json:
        return session.finish("hook", outcome, lambda _: [])
    write_verbatim(outcome.data.text or "")
    if sys.stdout.isatty():
        session.paper.print_note(
            f"This is for the shell to evaluate. For every {outcome.data.shell}: pyve hook --install"
        )
    return 0


def _change(session: Session, request: "HookRequest", planned: "PlannedHook", *, word: str, dry_run: bool) -> int:
    """Show the plan, ask, and carry out the very plan that was shown."""
    from pyve.cli.present.hook import render_hook_change, render_hook_plan
    from pyve.errors import NotConfirmedError
    from pyve.verbs.hook import change_hook
    from pyve.verbs.outcome import Problem

    if dry_run or not planned.plan.changes:
        if not dry_run and not planned.plan.is_empty:
            change_hook(planned, state_directory=request.state_directory)  # what it notes for itself, at most
        return session.finish("hook", planned.outcome, render_hook_plan)
    if not session.options.json:
        session.paper.print_result(render_hook_plan(planned.outcome.data))
    if not session.confirm("Make these changes?"):
        again = " ".join(["pyve hook", word, *([request.shell.named] if request.shell.named else []), "--yes"])
        refusal = Problem.of(NotConfirmedError("Nothing was changed.", hint=again))
        outcome = replace(
            planned.outcome,
            notes=(),
            problems=(*planned.outcome.problems, refusal),
            exit_status=NotConfirmedError.exit_status,
        )
        return session.finish("hook", outcome, lambda _: [])
    return session.finish("hook", change_hook(planned, state_directory=request.state_directory), render_hook_change)
