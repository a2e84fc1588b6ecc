"""`pyve self install`, `pyve self uninstall` (= `pyve --install`, `pyve --uninstall`) and `pyve self bootstrap`."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from pyve.cli import options
from pyve.cli.session import Session
from pyve.errors import NotConfirmedError


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the commands on `app`."""
    branch = typer.Typer(
        name="self",
        help="Install or uninstall pyve itself, or a program that it can use.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.add_typer(branch, epilog=epilog)

    @branch.command("install", epilog=epilog)
    def install(context: typer.Context, dry_run: options.DryRun = False) -> int:
        """Put the command of this pyve into ~/.local/bin; install.sh does it for you."""
        from pyve.cli.present.self_installation import render_self_install
        from pyve.system.directories import home_directory
        from pyve.verbs.self_install import SelfInstallRequest, self_install

        session = options.session_of(context)
        request = SelfInstallRequest(
            prefix=Path(sys.prefix),
            home=Path(home_directory(session.environment)),
            environment=session.environment,
            now=time.time(),
            dry_run=dry_run,
        )
        return session.finish("self install", self_install(request), render_self_install)

    @branch.command("uninstall", epilog=epilog)
    def uninstall(context: typer.Context, dry_run: options.DryRun = False) -> int:
        """Take out what install.sh made, the command and pyve's own environment, and the hooks of shells.

        Projects, settings and state stay.
        """
        from pyve.cli.present.self_installation import render_self_uninstall
        from pyve.engines.conda.bootstrap.shelves import user_shelf
        from pyve.system.directories import cache_directory, config_directory, home_directory, state_directory
        from pyve.verbs.hook import HookRequest, plan_hook_removal
        from pyve.verbs.self_uninstall import SelfUninstallRequest, self_uninstall

        session = options.session_of(context)
        state = state_directory(session.environment)
        places = (config_directory(), state, cache_directory(session.environment))
        hooks = HookRequest(
            home=Path(home_directory(session.environment)), environment=session.environment, state_directory=state
        )
        request = SelfUninstallRequest(
            prefix=Path(sys.prefix),
            hooks=plan_hook_removal(hooks).plan,
            state_directory=state,
            kept_places=tuple(Path(place) for place in places),
            programs=(user_shelf().folder,),
            dry_run=dry_run,
        )
        _load_what_shows_the_end(session)
        return session.finish("self uninstall", self_uninstall(request), render_self_uninstall)

    _register_bootstrap(branch, epilog=epilog)


def _register_bootstrap(branch: typer.Typer, *, epilog: str) -> None:
    @branch.command("bootstrap", epilog=epilog)
    def bootstrap(
        context: typer.Context,
        program: Annotated[str, typer.Argument(metavar="PROGRAM", help="micromamba.")],
        to: Annotated[str, typer.Option("--to", metavar="PLACE", help="user or project.")] = "user",
        version: Annotated[str | None, typer.Option("--version", metavar="V", help="Another version.")] = None,
        sha256: Annotated[
            str | None,
            typer.Option("--sha256", metavar="HEX", help="What it must be, where pyve does not know."),
        ] = None,
        dry_run: options.DryRun = False,
    ) -> int:
        """Download micromamba, a second engine for conda environments.

        Its SHA-256 is known before. Shows what is fetched and asks; --yes assents.
        """
        from pyve.cli.present.self_bootstrap import render_bootstrap
        from pyve.verbs.outcome import Outcome
        from pyve.verbs.self_bootstrap import (
            apply_bootstrap,
            describe_bootstrap,
            plan_bootstrap,
            read_bootstrap_request,
        )

        session = options.session_of(context)
        situation = session.situation()
        request = read_bootstrap_request(program, to=to, version=version, sha256=sha256)
        plan = plan_bootstrap(situation, request)
        if dry_run:
            described = describe_bootstrap(plan, changed=not plan.is_done, dry_run=not plan.is_done)
            return session.finish("self bootstrap", Outcome(data=described), render_bootstrap)
        if not plan.is_done and not session.confirm(plan.question()):
            raise NotConfirmedError("Nothing was downloaded.", hint="pyve self bootstrap micromamba --yes")
        with session.progress() as progress:
            outcome = apply_bootstrap(situation, plan, progress)
        return session.finish("self bootstrap", outcome, render_bootstrap)


def _load_what_shows_the_end(session: Session) -> None:
    """Import what the end needs while it is still there: uninstalling takes pyve's own libraries away."""
    import io

    from pyve.cli.present.text import words

    session.paper.console(io.StringIO()).print(words("x"))
