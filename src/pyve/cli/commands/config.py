"""`pyve config` (= `pyve --config`)."""

from typing import Annotated

import typer

from pyve.cli import options
from pyve.cli.session import Session

User = Annotated[bool, typer.Option("--user", help="The user's settings instead of the project's.")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="A setting, as `pyve config` lists them.")]
Value = Annotated[str, typer.Argument(metavar="VALUE", help="Its new value; lists as a,b.")]


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the commands on `app`."""
    branch = typer.Typer(name="config", help="Show and change settings.", rich_markup_mode=None)
    app.add_typer(branch, epilog=epilog)

    @branch.callback(invoke_without_command=True)
    def show(context: typer.Context) -> int:
        """Show every setting, its value and where it comes from; or get, set and unset one."""
        return 0 if context.invoked_subcommand else _configure(options.session_of(context), "show")

    @branch.command("get", epilog=epilog)
    def get(context: typer.Context, key: Key, user: User = False) -> int:
        """Show one setting; exit status 1 when it has no value."""
        return _configure(options.session_of(context), "get", key=key, user=user)

    @branch.command("set", epilog=epilog)
    def set_command(context: typer.Context, key: Key, value: Value, user: User = False) -> int:
        """Set one in pyve.toml (or [tool.pyve] where that is used)."""
        return _configure(options.session_of(context), "set", key=key, value=value, user=user)

    @branch.command("unset", epilog=epilog)
    def unset(context: typer.Context, key: Key, user: User = False) -> int:
        """Take one out."""
        return _configure(options.session_of(context), "unset", key=key, user=user)


def _configure(
    session: Session, action: str, *, key: str | None = None, value: str | None = None, user: bool = False
) -> int:
    from pyve.cli.present.config import render_config
    from pyve.project.root import find_root
    from pyve.project.user_settings import user_settings_file
    from pyve.verbs.config import ConfigAction, ConfigRequest, configure
    from pyve.verbs.situation import registered_root

    situation = session.situation()
    found = find_root(situation.directory, home=situation.home)
    root = registered_root(situation) or (found.path if found.has_manifest else None)
    request = ConfigRequest(
        action=ConfigAction(action),
        root=root,
        user_file=user_settings_file(),
        environment=session.environment,
        state_directory=situation.state_directory,
        key=key,
        value=value,
        user=user,
    )
    return session.finish("config", configure(request), render_config)
