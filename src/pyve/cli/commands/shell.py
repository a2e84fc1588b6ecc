"""`pyve shell`."""

from pathlib import Path
from typing import Annotated

import typer

from pyve.cli import options


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("shell", epilog=epilog)
    def shell(
        context: typer.Context,
        program: Annotated[
            str | None,
            typer.Option("--shell", metavar="PROGRAM", help="Not the one pyve runs in: a path, or a name on PATH."),
        ] = None,
        strict: Annotated[
            bool, typer.Option("--strict", help="Exit with 125 when the environment is out of date.")
        ] = False,
    ) -> int:
        """Open a shell inside the environment; `exit` leaves it.

        Its exit status is pyve's; 125, 126 and 127 are as for `pyve run`.
        """
        from pyve.verbs.shell import ShellRequest, open_shell

        session = options.session_of(context)
        project = Path(session.options.project) if session.options.project else None
        request = ShellRequest(project=project, shell=program, strict=strict)
        return open_shell(request, session.environment, say=session.paper.print_note)
