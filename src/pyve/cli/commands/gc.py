"""`pyve gc`."""

from typing import TYPE_CHECKING, Annotated

import typer

from pyve.cli import options
from pyve.cli.removal import remove_as_planned

if TYPE_CHECKING:
    from pyve.verbs.gc import GcRequest


def register(app: typer.Typer, *, epilog: str) -> None:
    """Put the command on `app`."""

    @app.command("gc", epilog=epilog)
    def gc(  # noqa: PLR0913 - one parameter for each option
        context: typer.Context,
        days: Annotated[int | None, typer.Option(metavar="N", help="Unused for N days (default: gc.days, 30).")] = None,
        all_projects: Annotated[bool, typer.Option("--all", help="In all projects on this machine.")] = False,
        gone: Annotated[bool, typer.Option("--gone", help="With --all: forget projects that are gone.")] = False,
        no_previous: Annotated[
            bool, typer.Option("--no-previous", help="The previous environment may go too.")
        ] = False,
        keep: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Keep this one (repeatable).")] = None,
        dry_run: options.DryRun = False,
    ) -> int:
        """Remove environments that have not been used for long.

        Keeps those in use, current and previous. Shows the plan and asks; --yes assents.
        """
        from pyve.verbs.gc import GcRequest, plan_gc_of
        from pyve.verbs.gc import gc as gc_verb

        session = options.session_of(context)
        situation = session.situation()
        request = GcRequest(
            days=days,
            all_projects=all_projects,
            gone_projects=gone,
            keep_previous=not no_previous,
            kept_names=tuple(keep or ()),
        )
        planned = plan_gc_of(situation, request)
        return remove_as_planned(
            session,
            "gc",
            planned,
            dry_run=dry_run,
            apply=lambda: gc_verb(situation, request, planned.data.plan),
            options=_spell(request),
        )


def _spell(request: "GcRequest") -> list[str]:
    """The options, as they are typed."""
    words = [] if request.days is None else ["--days", str(request.days)]
    words += ["--all"] if request.all_projects else []
    words += ["--gone"] if request.gone_projects else []
    words += [] if request.keep_previous else ["--no-previous"]
    for name in request.kept_names:
        words += ["--keep", name]
    return words
