"""How `rollback` ends, for people."""

from typing import TYPE_CHECKING

from pyve.cli.present.text import show_path, words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.rollback import RollbackResult


def render_rollback(data: "RollbackResult") -> "list[RenderableType]":
    """One line."""
    environment = show_path(data.environment, root=data.project)
    python = f"Python {data.python}" if data.python else "no Python"
    what = f"{python}, {data.packages} packages, built {data.created_at[:16].replace('T', ' ')}"
    return [words("Would go back to " if data.dry_run else "Back to ", environment, f" ({what}).")]
