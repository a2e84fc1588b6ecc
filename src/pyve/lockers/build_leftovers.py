"""What builds leave in a project while its metadata are asked for: setuptools writes *.egg-info beside the sources."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pyve.errors import RefusedError
from pyve.system.files import remove_tree

_PATTERNS = ("*.egg-info", "src/*.egg-info")


@contextmanager
def sweep_build_leftovers(root: Path) -> Iterator[None]:
    """Take out of the project at `root` what builds put there while the block ran; what was there before stays."""
    before = _find(root)
    try:
        yield
    finally:
        for path in _find(root) - before:
            with suppress(OSError, RefusedError):  # what cannot be deleted is no reason to lose a lock
                remove_tree(path, inside=root)


def _find(root: Path) -> set[Path]:
    return {path for pattern in _PATTERNS for path in root.glob(pattern) if path.is_dir() and not path.is_symlink()}
