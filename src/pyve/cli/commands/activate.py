"""`pyve activate`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pyve.cli import options

if TYPE_CHECKING:
    from pyve.verbs.activate import ActivateRequest


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("activate", epilog=epilog)
    def activate(
        context: typer.Context,
        shell: Annotated[
            str | None, typer.Option(metavar="SHELL", help="bash, zsh, fish or pwsh; without it, the one pyve runs in.")
        ] = None,
        exports: Annotated[
            bool, typer.Option("--exports", help="Plain statements that set and unset variables, for other tools.")
        ] = False,
    ) -> int:
        """Print what a shell evaluates to enter the environment once.

        For bash and zsh: eval "$(pyve activate)". `deactivate` leaves it again.
        """
        from pyve.cli.present.stdout import write_verbatim
        from pyve.verbs.activate import activate as activate_verb
        from pyve.verbs.activate import refuse_terminal

        session = options.session_of(context)
        request = _make_request(shell, exports=exports)
        outcome = activate_verb(session.situation(), request)
        if session.options.json:
            return session.finish("activate", outcome, lambda _: [])
        if sys.stdout.isatty() and not exports:
            raise refuse_terminal(request, project=session.options.project)
        write_verbatim(outcome.data.statements)
        for note in outcome.notes:
            session.paper.print_note(note)
        return outcome.exit_status


def _make_request(shell: str | None, *, exports: bool) -> "ActivateRequest":
    from pyve.system.shell_detection import detect_shell
    from pyve.verbs.activate import ActivateRequest

    return ActivateRequest(shell=shell, detected=None if shell else detect_shell(), exports=exports)
