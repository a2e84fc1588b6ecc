"""`pyve activate`."""

import sys
from typing import Annotated

import typer

from pyve.cli import options


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
        from pyve.verbs.activate import ActivateRequest, refuse_terminal
        from pyve.verbs.activate import activate as activate_verb
        from pyve.verbs.shell_choice import read_shell_choice

        session = options.session_of(context)
        request = ActivateRequest(shell=read_shell_choice(shell), exports=exports)
        outcome = activate_verb(session.situation(), request)
        if session.options.json:
            return session.finish("activate", outcome, lambda _: [])
        if sys.stdout.isatty() and not exports:
            raise refuse_terminal(request, project=session.options.project)
        write_verbatim(outcome.data.statements)
        for note in outcome.notes:
            session.paper.print_note(note)
        return outcome.exit_status
