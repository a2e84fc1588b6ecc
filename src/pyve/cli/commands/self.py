"""`pyve self install` and `pyve self uninstall` (= `pyve --install`, `pyve --uninstall`)."""

import sys
import time
from pathlib import Path

import typer

from pyve.cli import options
from pyve.cli.session import Session


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the commands on `app`."""
    branch = typer.Typer(
        name="self", help="Install or uninstall pyve itself.", no_args_is_help=True, rich_markup_mode=None
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
            dry_run=dry_run,
        )
        _load_what_shows_the_end(session)
        return session.finish("self uninstall", self_uninstall(request), render_self_uninstall)


def _load_what_shows_the_end(session: Session) -> None:
    """Import what the end needs while it is still there: uninstalling takes pyve's own libraries away."""
    import io

    from pyve.cli.present.text import words

    session.paper.console(io.StringIO()).print(words("x"))
