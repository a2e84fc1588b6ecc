"""`pyve list` for people."""

import time
from datetime import datetime
from typing import TYPE_CHECKING

from pyve.cli.present.text import show_age, show_path, show_size, words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.list import ListedEnvironment, ListResult


def render_list(data: "ListResult") -> "list[RenderableType]":
    """A table for each project, then the sum."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    lines: list[RenderableType] = []
    for project in dict.fromkeys(environment.project for environment in data.environments):
        environments = [environment for environment in data.environments if environment.project == project]
        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for heading in ("environment", "use", "python", "packages", "size", "last used"):
            table.add_column(heading, overflow="fold", justify="right" if heading in ("packages", "size") else "left")
        for environment in environments:
            table.add_row(*_row(environment))
        lines += [words((project, "bold")), table]
    if not lines:
        lines.append(words("No environments."))
    lines += [words(("foreign  ", "dim"), path, ("  (not pyve's on this machine; left alone)", "dim")) for path in data.foreign]
    if len(data.environments) > 1:
        lines.append(words(f"{len(data.environments)} environments, {show_size(data.size_bytes)}"))
    return lines


def _row(environment: "ListedEnvironment") -> "tuple[RenderableType, ...]":
    age = show_age(time.time() - datetime.fromisoformat(environment.last_used_at).timestamp())
    use = words((environment.use, "green")) if environment.present else words(("gone", "red"))
    return (
        words(show_path(environment.directory, root=environment.project)),
        use,
        words(environment.python),
        words(str(environment.packages)),
        words(show_size(environment.size_bytes)),
        words(age if age == "just now" else f"{age} ago"),
    )
