"""The *.egg-info directories of a project, whoever made them."""

from pathlib import Path

from pyve.system.files import is_link

_NOT_SEARCHED = frozenset({".pyve", ".venv", ".git", "node_modules"})


def find_outputs(root: Path) -> list[Path]:
    """At the root and one level down, where setuptools puts them for src layouts; nothing behind links."""
    found = []
    folders = [root]
    try:
        folders += [path for path in sorted(root.iterdir()) if path.is_dir() and path.name not in _NOT_SEARCHED]
    except OSError:
        return []
    for folder in folders:
        if folder != root and is_link(folder):
            continue
        try:
            entries = sorted(folder.glob("*.egg-info"))
        except OSError:
            continue
        found += [path for path in entries if path.is_dir() and not is_link(path)]
    return found
