"""`pyve status`."""

import os
import sys
from typing import Annotated

import typer

from pyve.cli import options


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("status", epilog=epilog)
    def status(
        context: typer.Context,
        sizes: Annotated[bool, typer.Option("--sizes", help="Measure the disk anew.")] = False,
    ) -> int:
        """Show this project's environment.

        Why it is this one, and whether it is up to date. Exit status 1 when it is out of date or damaged.
        """
        from pyve.cli.present.status import render_status
        from pyve.verbs.status import StatusRequest
        from pyve.verbs.status import status as status_verb

        session = options.session_of(context)
        process = None if sys.platform == "win32" else os.getppid()  # there, a launcher stands in between
        outcome = status_verb(session.situation(), StatusRequest(sizes=sizes, shell_process=process))
        return session.finish("status", outcome, render_status)
