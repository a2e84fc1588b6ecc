"""`pyve add`."""

from typing import Annotated

import typer

from pyve.cli import declared_part, options

Packages = Annotated[
    list[str] | None, typer.Argument(metavar="[PACKAGE]...", help="As in a requirements file: 'numpy<3'.")
]
Editable = Annotated[
    list[str] | None, typer.Option("--editable", "-e", metavar="DIR", help="A project on this machine (repeatable).")
]


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("add", epilog=epilog)
    def add(  # noqa: PLR0913 - one parameter for each option
        context: typer.Context,
        packages: Packages = None,
        editable: Editable = None,
        dev: declared_part.Dev = False,
        group: declared_part.Group = None,
        extra: declared_part.Extra = None,
        pip: declared_part.Pip = False,
        no_lock: declared_part.NoLock = False,
        no_sync: declared_part.NoSync = False,
        offline: options.Offline = False,
        dry_run: declared_part.DryRun = False,
    ) -> int:
        """Declare packages, lock them and install them, as one change.

        Where one of the three fails, all of them are as they were.
        """
        from pyve.cli.present.declaration_change import render_declaration_change
        from pyve.verbs.add import AddRequest
        from pyve.verbs.add import add as add_verb

        session = options.session_of(context)
        request = AddRequest(
            packages=tuple(packages or ()),
            editables=tuple(editable or ()),
            part=declared_part.make_part(dev=dev, group=group, extra=extra),
            pip=pip,
            consequences=declared_part.make_consequences(
                dry_run=dry_run, no_lock=no_lock, no_sync=no_sync, offline=offline
            ),
        )
        with session.progress() as progress:
            outcome = add_verb(session.situation(), request, progress)
        return session.finish("add", outcome, render_declaration_change)
