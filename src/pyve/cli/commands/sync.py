"""`pyve sync`."""

from typing import Annotated

import typer

from pyve.cli import options
from pyve.cli.wishes import make_wishes, read_bootstrap_place

Exact = Annotated[bool, typer.Option("--exact", help="Leave out what was installed by hand.")]
KeepExtras = Annotated[
    bool, typer.Option("--keep-extras", help="Carry what was installed by hand over into a new environment.")
]


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("sync", epilog=epilog)
    def sync(  # noqa: PLR0913 - one parameter for each option
        context: typer.Context,
        exact: Exact = False,
        keep_extras: KeepExtras = False,
        upgrade: options.Upgrade = False,
        backend: options.BackendName = None,
        extra: options.Extra = None,
        group: options.Group = None,
        no_extras: options.NoExtras = False,
        no_groups: options.NoGroups = False,
        dev: options.Dev = None,
        force: options.Force = False,
        adopt: options.Adopt = False,
        take_venv: options.TakeVenv = False,
        ignore: options.Ignore = None,
        reset_choices: options.ResetChoices = False,
        strict: options.Strict = False,
        engine: options.Engine = None,
        auto_bootstrap: options.AutoBootstrap = False,
        bootstrap_to: options.BootstrapTo = None,
        only_binary: options.OnlyBinary = False,
        offline: options.Offline = False,
        dry_run: options.DryRun = False,
    ) -> int:
        """Bring the environment up to what the project's files declare."""
        from pyve.cli.present.sync import render_sync
        from pyve.verbs.sync import SyncRequest
        from pyve.verbs.sync import sync as sync_verb

        session = options.session_of(context)
        wishes = make_wishes(
            backend=backend,
            extras=[] if no_extras else extra,
            groups=[] if no_groups else group,
            dev=dev,
            force=force,
            adopt=adopt,
            take_venv=take_venv,
            ignore=ignore,
            wheels_only=only_binary,
            offline=offline,
            reset_choices=reset_choices,
            strict=strict,
            engine=engine,
            bootstrap=read_bootstrap_place(auto_bootstrap=auto_bootstrap, place=bootstrap_to),
            exact=exact,
            keep_extras=keep_extras,
            upgrade=upgrade,
        )
        with session.progress() as progress:
            outcome = sync_verb(session.situation(), SyncRequest(wishes=wishes, dry_run=dry_run), progress)
        return session.finish("sync", outcome, render_sync)
