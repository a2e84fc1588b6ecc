"""`pyve hook`: the hook to the byte, and what is done to startup files for people."""

from typing import TYPE_CHECKING

from pyve.cli.present.text import words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.hook import HookResult

_STYLES = {"create": "green", "edit": "yellow", "remove": "red"}
_DONE = {"create": "created", "edit": "edited", "remove": "removed"}


def render_hook_plan(data: "HookResult") -> "list[RenderableType]":
    """What is going to be done to each file, and the lines that go into it or out of it."""
    if not data.changes:
        return [words("Nothing to change.")]
    lines: list[RenderableType] = []
    for change in data.changes:
        lines.append(words((f"{change.action:<8}", _STYLES[change.action]), str(change.file)))
        lines += [words(("      - ", "red"), line) for line in change.removed]
        lines += [words(("      + ", "green"), line) for line in change.added]
    return lines


def render_hook_change(data: "HookResult") -> "list[RenderableType]":
    """What was done to each file."""
    if not data.changes:
        return [words("Nothing to change.")]
    return [words((f"{_DONE[change.action]:<8} ", "green"), str(change.file)) for change in data.changes]
