"""`pyve check` (= `pyve --validate`)."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pyve.cli import options


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("check", epilog=epilog)
    def check(
        context: typer.Context,
        deep: Annotated[
            bool, typer.Option("--deep", help="Compare every installed file with what was installed.")
        ] = False,
    ) -> int:
        """Examine machine, project and environment.

        Says what to type, and changes nothing. Exit status 1 when there is something to do.
        """
        from pyve.cli.present.check import render_check
        from pyve.project.user_settings import user_settings_file
        from pyve.system.own_command import find_own_command
        from pyve.system.shell_detection import detect_shell
        from pyve.verbs.check import CheckRequest
        from pyve.verbs.check import check as check_verb
        from pyve.verbs.checks.activation import CallingShell

        session = options.session_of(context)
        shell = detect_shell() if sys.stdin is not None and sys.stdin.isatty() else None
        request = CheckRequest(
            directory=Path(session.options.project) if session.options.project else None,
            environment=session.environment,
            user_file=user_settings_file(),
            command=find_own_command(),
            shell=CallingShell(name=shell.name, process=os.getppid()) if shell else None,
            deep=deep,
        )
        return session.finish("check", check_verb(request), render_check)
