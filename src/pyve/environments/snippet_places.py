"""Where the snippets of a project lie: in the folder that mirrors its path, and in one for each other path to it."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from pyve.environments.current import encode, mirror, read_fields
from pyve.environments.generation import change_of_generation
from pyve.environments.references import REFERENCE_PREFIX
from pyve.environments.state import ProjectState
from pyve.errors import StateDamagedError
from pyve.system.files import tell_disk_errors, write_atomically

SNIPPET_PREFIX = "@act."
_ALIASES = "aliases"


def snippet_folder(state: ProjectState, root: str) -> Path:
    """Where the snippets lie that a shell finds at `root`, the project's directory or an alias of it."""
    return Path(mirror(os.fspath(state.state_directory), root))


def read_aliases(state: ProjectState) -> tuple[str, ...]:
    """Other paths to the project's directory (through symbolic links) that a shell may stand in, absolute."""
    try:
        fields = read_fields(os.fspath(state.directory / _ALIASES)) or []
    except StateDamagedError:
        return ()
    return tuple(value for name, value in fields if name == "alias")


def write_aliases(state: ProjectState, aliases: Iterable[str]) -> None:
    """Note the other paths, each before its first snippet is written; the caller holds the project's lock."""
    noted = tuple(dict.fromkeys(aliases))
    if noted != read_aliases(state):
        write_atomically(state.directory / _ALIASES, encode([("alias", alias) for alias in noted]))


def find_snippets(state: ProjectState, roots: Iterable[str]) -> list[Path]:
    """The snippets that are there for `roots`."""
    return [path for root in roots for path in sorted(snippet_folder(state, root).glob(f"{SNIPPET_PREFIX}*"))]


def remove_snippets(state: ProjectState) -> None:
    """Take all snippets of the project away, and let shells know; what they were written from stays.

    The caller holds the project's lock, or the project goes. Raises the errors of writing.
    """
    aliases = read_aliases(state)
    with tell_disk_errors(state.directory):
        if find_snippets(state, (os.fspath(state.root), *aliases)):
            with change_of_generation(os.fspath(state.state_directory)):
                remove_snippets_at(state, (os.fspath(state.root), *aliases))
        for path in state.directory.glob(f"{REFERENCE_PREFIX}*"):
            path.unlink(missing_ok=True)


def remove_snippets_at(state: ProjectState, roots: Iterable[str]) -> None:
    """Take the snippets for `roots` away, and the folders that hold nothing then."""
    for root in roots:
        for path in find_snippets(state, (root,)):
            path.unlink(missing_ok=True)
        _remove_empty_folders(snippet_folder(state, root), below=state.state_directory / "projects")


def _remove_empty_folders(folder: Path, *, below: Path) -> None:
    with contextlib.suppress(OSError):
        while folder != below and folder.is_relative_to(below):
            folder.rmdir()
            folder = folder.parent
