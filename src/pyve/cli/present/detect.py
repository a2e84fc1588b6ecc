"""`pyve detect` for people."""

from typing import TYPE_CHECKING

from pyve.cli.present.text import show_path, words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.detect import DetectResult


def render_detect(data: "DetectResult") -> "list[RenderableType]":
    """The choices, the files, the rules that lost, and what would change it."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    rows: list[tuple[str, str]] = [("project", f"{data.root} ({data.root_reason})")]
    rows.append(("backend", data.backend))
    rows += [("", sentence) for sentence in data.backend_evidence]
    rows.append(("python", f"{data.python} ({data.python_source})"))
    rows.append(("packages", f"from {data.packages_from}" if data.packages_from else "nothing that pyve reads"))
    rows += [("", sentence) for sentence in data.packages_evidence]
    rows += [("file", f"{show_path(str(file.path), root=data.root)}: {file.used_for}") for file in data.files]
    rows += [("passed over", f"{rule.rule}: {rule.reason}") for rule in data.lost_rules]
    rows += [("to change it", sentence) for sentence in data.what_would_change_it]
    for name, fact in rows:
        table.add_row(words(name), words(fact))
    return [table]
