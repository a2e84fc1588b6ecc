"""How `upgrade` ends, for people: the locks, then the environment."""

from typing import TYPE_CHECKING

from pyve.cli.present.lock import render_report
from pyve.cli.present.sync import render_sync
from pyve.cli.present.text import words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.upgrade import UpgradeResult


def render_upgrade(data: "UpgradeResult") -> "list[RenderableType]":
    """The locks that change, what the environment becomes, and how to undo it."""
    lines: list[RenderableType] = []
    for one in data.locks.locks if data.locks else ():
        lines += render_report(one, dry_run=data.dry_run)
    if data.sync is not None:
        lines += render_sync(data.sync)
    elif data.dry_run:
        lines.append(words("Would build the environment that the locks then say, and put it in use."))
    if data.sync is not None and not data.dry_run and (data.sync.changed or data.sync.removed):
        lines.append(words(("  undo     ", "dim"), "pyve rollback"))
    return lines
