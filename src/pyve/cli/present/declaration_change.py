"""How `add` and `remove` end, for people."""

from typing import TYPE_CHECKING

from pyve.cli.present.lock import render_report
from pyve.cli.present.sync import render_sync
from pyve.cli.present.text import words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.declaration_change import DeclarationChangeResult
    from pyve.verbs.declaration_edit import DeclaredChange

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def render_declaration_change(data: "DeclarationChangeResult") -> "list[RenderableType]":
    """One line for each package; of a dry run the diff; else what it means for locks and environment."""
    lines: list[RenderableType] = [_render_change(one, dry_run=data.dry_run) for one in data.changes]
    if data.dry_run:
        return [*lines, *_render_diff(data.diff)]
    for one in data.locks.locks if data.locks else ():
        lines += render_report(one, dry_run=False)
    return [*lines, *(render_sync(data.sync) if data.sync else ())]


def _render_change(one: "DeclaredChange", *, dry_run: bool) -> "RenderableType":
    place = f"{one.file}:{one.line}"
    part = "" if one.part == "main" else f" ({one.part})"
    if one.action == "kept":
        return words((f"{place}: ", "bold"), ("declared already", "green"), f": {one.after}{part}")
    done = {
        ("added", False): "added",
        ("added", True): "would add",
        ("changed", False): "changed",
        ("changed", True): "would change",
        ("removed", False): "removed",
        ("removed", True): "would remove",
    }[one.action, dry_run]
    what = f"{one.before} -> {one.after}" if one.action == "changed" else one.after or one.before or ""
    return words((f"{place}: ", "bold"), (done, "yellow" if dry_run else "green"), f" {what}{part}")


def _render_diff(diff: str) -> "list[RenderableType]":
    return [words((line, _STYLES.get(line[:1], ""))) for line in diff.splitlines()]
