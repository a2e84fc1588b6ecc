"""The options by which `add` and `remove` say what a package belongs to, and what follows."""

from typing import TYPE_CHECKING, Annotated

import typer

from pyve.errors import UsageError

if TYPE_CHECKING:
    from pyve.project.editing.declared_part import DeclaredPart
    from pyve.verbs.declaration_change import Consequences

Dev = Annotated[bool, typer.Option("--dev", help="What development needs: the group dev.")]
Group = Annotated[str | None, typer.Option("--group", metavar="NAME", help="A dependency group.")]
Extra = Annotated[str | None, typer.Option("--extra", metavar="NAME", help="An extra of the project itself.")]
Pip = Annotated[bool, typer.Option("--pip", help="The pip section of environment.yml.")]
NoLock = Annotated[bool, typer.Option("--no-lock", help="Leave the locks as they are.")]
NoSync = Annotated[bool, typer.Option("--no-sync", help="Leave the environment as it is.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be written, and resolve nothing.")]


def make_part(*, dev: bool, group: str | None, extra: str | None) -> "DeclaredPart":
    """The part; raises UsageError where more than one is named."""
    from pyve.project.editing.declared_part import DeclaredPart
    from pyve.project.named_parts import DEFAULT_GROUP
    from pyve.project.package_name import normalise_name

    if dev + (group is not None) + (extra is not None) > 1:
        raise UsageError("--dev, --group and --extra name different parts.", hint="give one of them")
    if extra is not None:
        return DeclaredPart(kind="extra", name=extra)
    if dev or (group is not None and normalise_name(group) == DEFAULT_GROUP):
        return DeclaredPart(kind="dev")
    return DeclaredPart() if group is None else DeclaredPart(kind="group", name=group)


def make_consequences(*, dry_run: bool, no_lock: bool, no_sync: bool, offline: bool) -> "Consequences":
    """What follows, as the options say."""
    from pyve.verbs.declaration_change import Consequences
    from pyve.verbs.environment_plan import Wishes
    from pyve.verbs.lock_project import LockWishes

    return Consequences(
        dry_run=dry_run,
        lock=not no_lock,
        sync=not no_sync,
        locking=LockWishes(offline=offline),
        wishes=Wishes(offline=offline),
    )
