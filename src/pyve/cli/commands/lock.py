"""`pyve lock`."""

from pathlib import Path
from typing import Annotated

import typer

from pyve.cli import options

Check = Annotated[bool, typer.Option("--check", help="Only tell whether the locks are up to date (exit 1: no).")]
Upgrade = Annotated[bool, typer.Option("--upgrade", help="The newest versions that are allowed, of everything.")]


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("lock", epilog=epilog)
    def lock(  # noqa: PLR0913 - one parameter for each option
        context: typer.Context,
        check: Check = False,
        upgrade: Upgrade = False,
        upgrade_package: options.UpgradePackage = None,
        platform: options.LockPlatform = None,
        python: Annotated[
            str | None, typer.Option("--python", metavar="VERSION", help="The Python to lock for.")
        ] = None,
        extra: options.LockExtra = None,
        group: options.LockGroup = None,
        exclude_newer: options.ExcludeNewer = None,
        locker: options.LockerName = None,
        output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE.")] = None,
        offline: options.Offline = False,
        dry_run: options.DryRun = False,
    ) -> int:
        """Turn what the project declares into exact pins.

        Exit status 1 of --check: a lock is missing, or something else is declared now.
        """
        from pyve.cli.present.lock import render_lock
        from pyve.cli.wishes import make_lock_wishes
        from pyve.errors import UsageError
        from pyve.verbs.lock import LockRequest
        from pyve.verbs.lock import lock as lock_verb

        if check and (upgrade or upgrade_package or dry_run):
            raise UsageError("--check only looks, and resolves nothing.", hint="leave --upgrade and --dry-run out")
        session = options.session_of(context)
        wishes = make_lock_wishes(
            platforms=platform,
            python=python,
            extras=extra,
            groups=group,
            exclude_newer=exclude_newer,
            upgrade=upgrade,
            upgrade_packages=upgrade_package,
            output=None if output is None else Path(output),
            locker=locker,
            offline=offline,
        )
        request = LockRequest(wishes=wishes, check=check, dry_run=dry_run)
        with session.progress() as progress:
            outcome = lock_verb(session.situation(), request, progress)
        return session.finish("lock", outcome, render_lock)
