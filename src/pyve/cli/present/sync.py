"""How `init` and `sync` end, for people."""

from typing import TYPE_CHECKING

from pyve.cli.present.text import show_path, show_size, words
from pyve.verbs.add_command import write_add_command

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.sync_result import SyncResult

_MOST_SHOWN = 12


def render_sync(data: "SyncResult") -> "list[RenderableType]":
    """One line for what was done, then what changed, then what to type."""
    lines: list[RenderableType] = [_headline(data)]
    if data.dry_run or data.action in ("build", "refresh"):
        lines.append(words(("  because  ", "dim"), data.reason))
    lines += _packages(data)
    lines += _declared(data)
    for file in data.files:
        lines.append(words(("  writes   " if data.dry_run else "  wrote    ", "dim"), file))
    if data.pin:
        lines.append(
            words(("  pins     " if data.dry_run else "  pinned   ", "dim"), f"Python {data.pin} in .python-version")
        )
    if data.by_hand:
        names = ", ".join(f"{name} {version}" for name, version in data.by_hand.items())
        lines.append(words(("  by hand  ", "dim"), f"{names} (not declared)"))
        lines.append(words(("hint: ", "green"), write_add_command(data.by_hand, backend=data.backend)))
    if data.dropped:
        names = ", ".join(f"{name} {version}" for name, version in data.dropped.items())
        lines.append(words(("  left behind  ", "yellow"), names))
        declare = write_add_command(data.dropped, backend=data.backend)
        lines.append(words(("hint: ", "green"), f"{declare}  # or carry them over with: pyve sync --keep-extras"))
    if not data.dry_run and data.action in ("build", "adopt"):
        lines.append(words(("  next     ", "dim"), "pyve run COMMAND"))
    return lines


def _declared(data: "SyncResult") -> "list[RenderableType]":
    """The declared lines that come and go, of a plan: which versions that means is found when it is carried out.

    Where the versions are known, they say more.
    """
    if data.added or data.removed or data.changed:
        return []
    rows = [
        *((("  + ", "green"), line) for line in data.declared_since),
        *((("  - ", "red"), line) for line in data.no_longer_declared),
    ]
    return _shorten(rows)


def _headline(data: "SyncResult") -> "RenderableType":
    is_known = data.packages is not None
    python = f"Python {data.python}" if data.python else "no Python" if is_known else "Python"
    if data.dry_run:
        what = {
            "build": _would_build(data),
            "keep": "Would change nothing: the environment in use is up to date",
            "refresh": "Would install the project itself anew, and nothing else",
            "switch": "Would switch to an environment built earlier",
            "adopt": "Would adopt the environment found",
        }[data.action]
        return words((f"{data.name}: ", "bold"), what)
    environment = show_path(data.environment or "", root=data.project)
    if data.action == "keep":
        return words((f"{data.name}: ", "bold"), ("up to date", "green"), f", {environment} ({python})")
    done = {"build": "built", "refresh": "refreshed", "switch": "switched to", "adopt": "adopted"}[data.action]
    size = f", {show_size(data.size_bytes)}" if data.size_bytes is not None else ""
    with_engine = f" with {data.engine}" if data.engine and data.action == "build" else ""
    return words(
        (f"{data.name}: ", "bold"),
        (done, "green"),
        f" {environment} ({python}, {_count(data.packages)}{size}){with_engine}",
    )


def _would_build(data: "SyncResult") -> str:
    """Which Python a conda environment gets is known when it is solved."""
    if data.python:
        return f"Would build an environment with Python {data.python}"
    if data.backend != "micromamba":
        return "Would build an environment"
    return f"Would build a conda environment with {data.engine}" if data.engine else "Would build a conda environment"


def _count(packages: int | None) -> str:
    return "1 package" if packages == 1 else f"{packages} packages"


def _packages(data: "SyncResult") -> "list[RenderableType]":
    rows = [
        *((("  + ", "green"), f"{name} {version}") for name, version in data.added.items()),
        *((("  ~ ", "yellow"), f"{name} {version}") for name, version in data.changed.items()),
        *((("  - ", "red"), f"{name} {version}") for name, version in data.removed.items()),
    ]
    if data.action == "keep":
        return []
    return _shorten(rows)


def _shorten(rows: "list[tuple[tuple[str, str], str]]") -> "list[RenderableType]":
    lines: list[RenderableType] = [words(mark, text) for mark, text in rows[:_MOST_SHOWN]]
    if len(rows) > _MOST_SHOWN:
        lines.append(words((f"    and {len(rows) - _MOST_SHOWN} more", "dim")))
    return lines
