"""Option types that several commands share, and the global options as the help shows them."""

from typing import Annotated

import typer

from pyve.cli.session import Session


def session_of(context: typer.Context) -> Session:
    """The session of the command line that this command is part of."""
    session = context.obj
    assert isinstance(session, Session)
    return session


# The values are taken from the command line before Typer sees it (cli/command_line.py), so that they may stand
# anywhere; here they are declared for the help alone.
def declare_global_options(  # noqa: PLR0913 - one parameter for each global option
    project: Annotated[
        str | None, typer.Option(metavar="DIR", help="Act as if started in DIR; run stays here.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no notes.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the installer's own output.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours (as NO_COLOR).")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Assent to what would be asked.")] = False,
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version and exit.")] = False,
) -> None:
    """One door to every repository: its environment, built from what it declares."""


Extra = Annotated[list[str] | None, typer.Option("--extra", metavar="NAME", help="Install this extra (repeatable).")]
Group = Annotated[
    list[str] | None, typer.Option("--group", metavar="NAME", help="Install this dependency group (repeatable).")
]
NoExtras = Annotated[bool, typer.Option("--no-extras", help="No extras any more.")]
NoGroups = Annotated[bool, typer.Option("--no-groups", help="No groups any more.")]
Dev = Annotated[
    bool | None, typer.Option("--dev/--no-dev", help="With or without the group dev and requirements-dev.txt.")
]
BackendName = Annotated[
    str | None, typer.Option("--backend", metavar="NAME", help="venv or micromamba; detected when not given.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show the plan, do nothing.")]
Force = Annotated[bool, typer.Option("--force", help="Build anew, whatever is there.")]
Upgrade = Annotated[bool, typer.Option("--upgrade", help="Build anew with the newest versions that are allowed.")]
UpgradePackage = Annotated[
    list[str] | None, typer.Option("--upgrade-package", "-P", metavar="NAME", help="The newest NAME (repeatable).")
]
LockPlatform = Annotated[
    list[str] | None, typer.Option("--platform", metavar="NAME", help="Lock for this platform: linux-64 (repeatable).")
]
LockExtra = Annotated[
    list[str] | None, typer.Option("--extra", metavar="NAME", help="Lock this extra; all of them without (repeatable).")
]
LockGroup = Annotated[
    list[str] | None, typer.Option("--group", metavar="NAME", help="Lock this group; all of them without (repeatable).")
]
ExcludeNewer = Annotated[
    str | None, typer.Option("--exclude-newer", metavar="DATE", help="Leave out what was uploaded after DATE.")
]
LockerName = Annotated[
    str | None, typer.Option("--locker", metavar="NAME", help="uv, pip-tools, rattler or conda-lock.")
]
Adopt = Annotated[bool, typer.Option("--adopt", help="Use a matching environment that came from elsewhere.")]
TakeVenv = Annotated[
    bool, typer.Option("--take-venv", help="Move a .venv that is not pyve's aside and put the link there.")
]
Ignore = Annotated[
    bool | None, typer.Option("--ignore/--no-ignore", help="May lines go into .gitignore or .dockerignore?")
]
ResetChoices = Annotated[
    bool, typer.Option("--reset-choices", help="Give up what earlier options chose; the files decide again.")
]
Directory = Annotated[str | None, typer.Argument(metavar="DIR", help="The project; the one around you when not given.")]
Shell = Annotated[
    str | None, typer.Argument(metavar="[SHELL]", help="bash, zsh, fish or pwsh; without it, the one pyve runs in.")
]
OnlyBinary = Annotated[
    bool, typer.Option("--only-binary", help="Build no package from source; only the project itself may be.")
]
Offline = Annotated[bool, typer.Option("--offline", help="Use the caches alone.")]
Strict = Annotated[bool, typer.Option("--strict", help="Fail where a lock is out of date, and write no manifest.")]
Engine = Annotated[
    str | None, typer.Option("--engine", metavar="NAME", help="rattler or micromamba, for conda packages.")
]
AutoBootstrap = Annotated[
    bool, typer.Option("--auto-bootstrap", help="Download micromamba where it is asked for and not there.")
]
BootstrapTo = Annotated[
    str | None, typer.Option("--bootstrap-to", metavar="PLACE", help="user (the default) or project.")
]
