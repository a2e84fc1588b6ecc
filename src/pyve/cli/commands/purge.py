"""`pyve purge` (= `pyve --purge`)."""

from typing import Annotated

import typer

from pyve.cli import options
from pyve.cli.removal import remove_as_planned


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("purge", epilog=epilog)
    def purge(
        context: typer.Context,
        keep_env: Annotated[
            bool, typer.Option("--keep-env", help="Keep the environments; `run` goes on working.")
        ] = False,
        dry_run: options.DryRun = False,
    ) -> int:
        """Take everything of pyve out of the project.

        What you wrote stays. Shows the plan and asks; --yes assents.
        """
        from pyve.verbs.purge import PurgeRequest, plan_purge_of
        from pyve.verbs.purge import purge as purge_verb

        session = options.session_of(context)
        situation = session.situation()
        planned = plan_purge_of(situation, PurgeRequest(keep_env=keep_env))
        return remove_as_planned(
            session,
            "purge",
            planned,
            dry_run=dry_run,
            apply=lambda: purge_verb(situation, planned.data.plan),
            options=["--keep-env"] if keep_env else [],
        )
