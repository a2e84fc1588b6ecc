"""Removal plans for people."""

from typing import TYPE_CHECKING

from pyve.cli.present.text import show_path, show_size, words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.cleanup.removal_plan import Removal
    from pyve.verbs.cleanup_result import CleanupResult


def render_plan(data: "CleanupResult") -> "list[RenderableType]":
    """What goes, what stays and why, what is refused; then the sum."""
    plan = data.plan
    projects = {removal.project for removal in plan.remove}
    root = projects.pop() if len(projects) == 1 else ""  # paths of several projects are told whole
    lines: list[RenderableType] = [
        words(("remove  ", "red"), _name(removal, root), (f"  {removal.reason}{_size(removal.bytes)}", "dim"))
        for removal in plan.remove
    ]
    lines += [
        words(("keep    ", "green"), show_path(kept.path, root=root), (f"  {kept.reason}", "dim")) for kept in plan.keep
    ]
    lines += [
        words(("refuse  ", "yellow"), show_path(refused.path, root=root), (f"  {refused.reason}", "dim"))
        for refused in plan.refused
    ]
    if not plan.remove:
        lines.append(words("Nothing to remove."))
    else:
        lines.append(words(f"{len(plan.remove)} to remove, {show_size(plan.bytes)}"))
    return lines


def render_removed(data: "CleanupResult") -> "list[RenderableType]":
    """The sum."""
    return [words(("removed ", "green"), f"{len(data.removed)}, {show_size(data.freed_bytes)} freed")]


def _name(removal: "Removal", root: str) -> str:
    name = show_path(removal.path, root=root)
    if removal.kind in ("exclude-line", "block"):
        return f"{name}: line {removal.detail}"
    return name


def _size(size_bytes: int) -> str:
    return f", {show_size(size_bytes)}" if size_bytes else ""
