"""`pyve list`."""

from typing import Annotated

import typer

from pyve.cli import options


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("list", epilog=epilog)
    def list_command(
        context: typer.Context,
        all_projects: Annotated[bool, typer.Option("--all", help="Of all projects on this machine.")] = False,
        sizes: Annotated[bool, typer.Option("--sizes", help="Measure the disk anew.")] = False,
    ) -> int:
        """List the environments of this project, with size and last use."""
        from pyve.cli.present.list import render_list
        from pyve.verbs.list import ListRequest, list_environments

        session = options.session_of(context)
        outcome = list_environments(session.situation(), ListRequest(all_projects=all_projects, sizes=sizes))
        return session.finish("list", outcome, render_list)
