"""How `lock` ends, for people: which file, why, and what comes and goes."""

from typing import TYPE_CHECKING

from pyve.cli.present.text import words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.lock import LockReport, LockResult

_MOST_SHOWN = 40


def render_lock(data: "LockResult") -> "list[RenderableType]":
    """One line for each lock, then its packages."""
    lines: list[RenderableType] = []
    for one in data.locks:
        lines += _render_check(one) if data.check else render_report(one, dry_run=data.dry_run)
    return lines


def render_report(one: "LockReport", *, dry_run: bool) -> "list[RenderableType]":
    """One lock that was made, or would be."""
    if one.action == "keep":
        return [words((f"{one.destination}: ", "bold"), ("up to date", "green"), f", {_count(one.packages)}")]
    done = {
        ("create", True): "would be made",
        ("create", False): "made",
        ("update", True): "would change",
        ("update", False): "changed",
    }[one.action, dry_run]
    lines: list[RenderableType] = [
        words(
            (f"{one.destination}: ", "bold"),
            (done, "yellow" if dry_run else "green"),
            f" from {one.source} with {one.tool or one.locker} ({_count(one.packages)}, {', '.join(one.platforms)}"
            + (f", Python {one.python}" if one.python else "")
            + ")",
        )
    ]
    if one.action == "update":
        lines += [words(("  because  ", "dim"), reason) for reason in one.reasons]
    lines += _render_packages(one)
    return lines


def _render_packages(one: "LockReport") -> "list[RenderableType]":
    rows = [
        *((("  + ", "green"), f"{name} {version}") for name, version in one.added.items()),
        *((("  ~ ", "yellow"), f"{name} {version}") for name, version in one.changed.items()),
        *((("  - ", "red"), f"{name} {version}") for name, version in one.removed.items()),
    ]
    lines: list[RenderableType] = [words(mark, text) for mark, text in rows[:_MOST_SHOWN]]
    if len(rows) > _MOST_SHOWN:
        lines.append(words((f"    and {len(rows) - _MOST_SHOWN} more", "dim")))
    return lines


def _render_check(one: "LockReport") -> "list[RenderableType]":
    is_fresh = one.state == "fresh"
    how = " (by its pins: another tool made it)" if is_fresh and one.judged_by == "content" else ""
    lines: list[RenderableType] = [
        words((f"{one.destination}: ", "bold"), (one.state.replace("-", " "), "green" if is_fresh else "red"), how)
    ]
    return [*lines, *(words(("  because  ", "dim"), reason) for reason in one.reasons)]


def _count(packages: int) -> str:
    return "1 package" if packages == 1 else f"{packages} packages"
