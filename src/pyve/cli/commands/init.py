"""`pyve init [PYTHON]` (= `pyve --init [PYTHON]`)."""

from typing import Annotated

import typer

from pyve.cli import options
from pyve.cli.wishes import make_wishes, read_bootstrap_place


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("init", epilog=epilog)
    def init(  # noqa: PLR0913 - one parameter for each option
        context: typer.Context,
        python: Annotated[
            str | None, typer.Argument(metavar="[PYTHON]", help="A version or range: 3.12, '>=3.11'.")
        ] = None,
        pin: Annotated[bool, typer.Option("--pin/--no-pin", help="Write PYTHON into .python-version.")] = True,
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
        """Make this directory a project and build its environment.

        On a project it is the same as sync.
        """
        from pyve.activation.calling_shell import find_loaded_hook
        from pyve.cli.present.sync import render_sync
        from pyve.system.shell_detection import detect_shell
        from pyve.verbs.init import InitRequest
        from pyve.verbs.init import init as init_verb

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
        )
        detected = None if find_loaded_hook(session.environment) else detect_shell()
        shell = detected.name if detected else None
        request = InitRequest(python=python, pin=pin, wishes=wishes, dry_run=dry_run, shell=shell)
        with session.progress() as progress:
            outcome = init_verb(session.situation(), request, progress)
        return session.finish("init", outcome, render_sync)
