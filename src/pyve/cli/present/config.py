"""`pyve config` for people."""

from typing import TYPE_CHECKING

from pyve.cli.present.text import words
from pyve.verbs.config_entry import Scope

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.config import ConfigResult


def render_config(data: "ConfigResult") -> "list[RenderableType]":
    """One line a setting: name, value, and where it comes from; of a setting asked for by name the value alone."""
    from rich.table import Table

    if data.done != "shown":
        said = "Set" if data.done == "set" else "Unset"
        return [] if data.file is None else [words(f"{said} `{data.entries[0].key}` in {data.file}")]
    if data.is_one:
        return [words(_show(entry.value, joint=",")) for entry in data.entries if entry.value is not None]
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(style="dim", overflow="fold", min_width=len("default"))
    for entry in data.entries:
        whose = (" (user)", "dim") if entry.scope is Scope.USER else ""
        table.add_row(words((entry.key, "bold"), whose), words(_show(entry.value)), words(entry.source))
    return [table]


def _show(value: object, *, joint: str = ", ") -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "\n".join(f"{name} = {row}" for name, row in value.items()) or ("-" if joint == ", " else "")
    return joint.join(map(str, value)) or ("-" if joint == ", " else "") if isinstance(value, list) else str(value)
