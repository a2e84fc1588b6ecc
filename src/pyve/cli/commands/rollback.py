"""`pyve rollback`."""

import typer

from pyve.cli import options


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("rollback", epilog=epilog)
    def rollback(context: typer.Context, dry_run: options.DryRun = False) -> int:
        """Put the environment back in use that was in use before."""
        from pyve.cli.present.rollback import render_rollback
        from pyve.verbs.rollback import RollbackRequest
        from pyve.verbs.rollback import rollback as rollback_verb

        session = options.session_of(context)
        outcome = rollback_verb(session.situation(), RollbackRequest(dry_run=dry_run))
        return session.finish("rollback", outcome, render_rollback)
