"""How `self install` and `self uninstall` end, for people."""

from typing import TYPE_CHECKING

from pyve.cli.present.text import words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pyve.verbs.self_install import SelfInstallResult
    from pyve.verbs.self_uninstall import SelfUninstallResult


def render_self_install(data: "SelfInstallResult") -> "list[RenderableType]":
    """What is linked to what, and what went."""
    if not data.changed:
        return [words("pyve is already installed: ", str(data.link))]
    done = "would install pyve" if data.dry_run else "installed pyve"
    lines: list[RenderableType] = [words((done, "green"), f": {data.link}"), words(f"  in {data.environment}")]
    lines += [words(f"  TAB completion: {path}") for path in data.completions]
    lines += [words(f"  {'would remove' if data.dry_run else 'removed'} {path}") for path in data.removed]
    return lines


def render_self_uninstall(data: "SelfUninstallResult") -> "list[RenderableType]":
    """Each thing that went, then what stays."""
    removed = "would remove" if data.dry_run else "removed"
    lines: list[RenderableType] = [words((f"{removed} ", "green"), f"the hook from {path}") for path in data.edited]
    lines += [words((f"{removed} ", "green"), str(path)) for path in data.removed]
    lines += [words(("kept ", "dim"), f"{path} (yours: settings, state or caches)") for path in data.kept]
    return lines
