"""`pyve list` for people: a table where it fits, two lines an environment in a narrow terminal."""

import time
from datetime import datetime
from typing import TYPE_CHECKING

from pyve.cli.present.text import show_age, show_size, words

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from pyve.verbs.list import ListedEnvironment, ListResult

_TABLE_WIDTH = 80
_NO_PYTHON = "none"
_HEADINGS = ("environment", "use", "python", "packages", "size", "last used")


def render_list(data: "ListResult") -> "list[RenderableType]":
    """The environments of each project, then the sum."""
    lines: list[RenderableType] = []
    for project in dict.fromkeys(environment.project for environment in data.environments):
        environments = [environment for environment in data.environments if environment.project == project]
        lines += [words((project, "bold")), _Environments(environments)]
    if not lines:
        lines.append(words("No environments."))
    for path in data.foreign:
        lines.append(words(("foreign  ", "dim"), path, ("  (not pyve's on this machine; left alone)", "dim")))
    if len(data.environments) > 1:
        lines.append(words(f"{len(data.environments)} environments, {show_size(data.size_bytes)}"))
    return lines


class _Environments:
    """A renderable that chooses its layout by the width it gets."""

    def __init__(self, environments: "list[ListedEnvironment]") -> None:
        self._rows = [_row(environment) for environment in environments]

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        if options.max_width < _TABLE_WIDTH:
            from rich.padding import Padding

            for name, use, python, packages, *facts in self._rows:
                yield words("  ", name, "  ", (use, _style(use)))
                version = "no Python" if python == _NO_PYTHON else f"Python {python}"
                count = "1 package" if packages == "1" else f"{packages} packages"
                yield Padding(words((", ".join((version, count, *facts)), "dim")), (0, 0, 0, 4))
            return
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        for heading in ("", *_HEADINGS):
            table.add_column(no_wrap=True, justify="right" if heading in ("packages", "size") else "left")
        table.add_row("", *(words((heading, "dim")) for heading in _HEADINGS))
        for name, use, *facts in self._rows:
            table.add_row("", words(name), words((use, _style(use))), *(words(fact) for fact in facts))
        yield table


def _style(use: str) -> str:
    return "red" if use == "gone" else "green"


def _row(environment: "ListedEnvironment") -> tuple[str, ...]:
    age = show_age(time.time() - datetime.fromisoformat(environment.last_used_at).timestamp())
    return (
        environment.directory.replace("\\", "/").rpartition("/")[2],
        environment.use if environment.present else "gone",
        environment.python or _NO_PYTHON,
        str(environment.packages),
        show_size(environment.size_bytes),
        age if age == "just now" else f"{age} ago",
    )
