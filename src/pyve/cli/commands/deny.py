"""`pyve deny`."""

from pathlib import Path

import typer

from pyve.cli import options


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("deny", epilog=epilog)
    def deny(
        context: typer.Context,
        directory: options.Directory = None,
        dry_run: options.DryRun = False,
    ) -> int:
        """Let a project do nothing on cd any more.

        Its environment stays, and run still works; the values of its env file are forgotten.
        """
        from pyve.cli.present.allow import render_deny
        from pyve.verbs.deny import DenyRequest
        from pyve.verbs.deny import deny as deny_verb

        session = options.session_of(context)
        request = DenyRequest(directory=Path(directory) if directory else None, dry_run=dry_run)
        return session.finish("deny", deny_verb(session.situation(), request), render_deny)
