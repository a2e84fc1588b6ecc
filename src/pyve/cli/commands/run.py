"""`pyve run` as far as Typer knows it: its help, its wrong options, and the shell of a bare `pyve run`.

A command is run by the light path in __main__ without Typer.
"""

import os
from pathlib import Path
from typing import Annotated

import typer

from pyve.cli import options


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("run", epilog=epilog, context_settings={"allow_interspersed_args": False})
    def run(
        context: typer.Context,
        command: Annotated[
            list[str] | None, typer.Argument(metavar="[COMMAND [ARGS]...]", help="Without one: a shell inside.")
        ] = None,
        strict: Annotated[
            bool, typer.Option("--strict", help="Exit with 125 when the environment is out of date.")
        ] = False,
    ) -> int:
        """Run a command inside the environment; its exit status is pyve's.

        125: pyve could not prepare the environment. 126: the command cannot be executed. 127: it was not found.
        """
        from pyve.verbs.run import RunRequest
        from pyve.verbs.run import run as run_verb
        from pyve.verbs.shell import ShellRequest, open_shell

        session = options.session_of(context)
        words = [word for index, word in enumerate(command or []) if not (index == 0 and word == "--")]
        project = session.options.project
        if not words:
            request = ShellRequest(project=Path(project) if project else None, strict=strict)
            return open_shell(request, session.environment, say=session.paper.print_note)
        return run_verb(
            RunRequest(words, directory=os.path.realpath(project or "."), strict=strict, quiet=session.options.quiet),
            dict(session.environment),
            say=session.paper.print_note,
        )
