"""`pyve remove`."""

from typing import Annotated

import typer

from pyve.cli import declared_part, options

Packages = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="What is not to be declared any more.")]


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("remove", epilog=epilog)
    def remove(  # noqa: PLR0913 - one parameter for each option
        context: typer.Context,
        packages: Packages = None,
        dev: declared_part.Dev = False,
        group: declared_part.Group = None,
        extra: declared_part.Extra = None,
        pip: declared_part.Pip = False,
        no_lock: declared_part.NoLock = False,
        no_sync: declared_part.NoSync = False,
        offline: options.Offline = False,
        dry_run: declared_part.DryRun = False,
    ) -> int:
        """Take packages out of what is declared, lock and install the rest, as one change.

        Where one of the three fails, all of them are as they were.
        """
        from pyve.cli.present.declaration_change import render_declaration_change
        from pyve.verbs.remove import RemoveRequest
        from pyve.verbs.remove import remove as remove_verb

        session = options.session_of(context)
        request = RemoveRequest(
            packages=tuple(packages or ()),
            part=declared_part.make_part(dev=dev, group=group, extra=extra),
            pip=pip,
            consequences=declared_part.make_consequences(
                dry_run=dry_run, no_lock=no_lock, no_sync=no_sync, offline=offline
            ),
        )
        with session.progress() as progress:
            outcome = remove_verb(session.situation(), request, progress)
        return session.finish("remove", outcome, render_declaration_change)
