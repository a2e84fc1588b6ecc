"""`pyve upgrade`."""

from typing import Annotated

import typer

from pyve.cli import options
from pyve.cli.wishes import make_lock_wishes, make_wishes

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="These alone; everything without.")]


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("upgrade", epilog=epilog)
    def upgrade(
        context: typer.Context,
        names: Names = None,
        exclude_newer: options.ExcludeNewer = None,
        locker: options.LockerName = None,
        engine: options.Engine = None,
        dry_run: options.DryRun = False,
    ) -> int:
        """Lock the newest versions that are allowed, and install them.

        The environment of before is still there: `pyve rollback` goes back to it.
        """
        from pyve.cli.present.upgrade import render_upgrade
        from pyve.verbs.upgrade import UpgradeRequest
        from pyve.verbs.upgrade import upgrade as upgrade_verb

        session = options.session_of(context)
        request = UpgradeRequest(
            packages=tuple(names or ()),
            locking=make_lock_wishes(exclude_newer=exclude_newer, locker=locker),
            wishes=make_wishes(backend=None, extras=None, groups=None, dev=None, ignore=None, engine=engine),
            dry_run=dry_run,
        )
        with session.progress() as progress:
            outcome = upgrade_verb(session.situation(), request, progress)
        return session.finish("upgrade", outcome, render_upgrade)
