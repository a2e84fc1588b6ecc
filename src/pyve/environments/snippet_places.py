"""Where the snippets of a project lie: in the folder that mirrors its path, and in one for each other path to it."""

import contextlib
import os
from pathlib import Path

from pyve.environments.current import encode, mirror, read_fields
from pyve.environments.generation import begin_generation
from pyve.environments.references import REFERENCE_PREFIX
from pyve.environments.state import ProjectState
from pyve.errors import StateDamagedError
from pyve.system.files import make_private_directory, write_atomically

SNIPPET_PREFIX = "@act."
_ALIASES = "aliases"


def state_directory_of(state: ProjectState) -> Path:
    """The state directory in which `state` lies."""
    mirrored = len(Path(mirror("", os.fspath(state.root))).parts)  # `projects` is one of them
    return state.directory.parents[mirrored]


def snippet_folder(state: ProjectState, root: str) -> Path:
    """Where the snippets lie that a shell finds at `root`, the project's directory or an alias of it."""
    return Path(mirror(os.fspath(state_directory_of(state)), root))


def read_aliases(state: ProjectState) -> tuple[str, ...]:
    """Other paths to the project's directory (through symbolic links) that a shell may stand in, absolute."""
    try:
        fields = read_fields(os.fspath(state.directory / _ALIASES)) or []
    except StateDamagedError:
        return ()
    return tuple(value for name, value in fields if name == "alias")


def write_aliases(state: ProjectState, aliases: tuple[str, ...]) -> None:
    """Note the other paths; the caller holds the project's lock."""
    if aliases != read_aliases(state):
        write_atomically(state.directory / _ALIASES, encode([("alias", alias) for alias in aliases]))


def find_snippets(state: ProjectState, roots: tuple[str, ...]) -> list[Path]:
    """The snippets that are there for `roots`."""
    return [path for root in roots for path in sorted(snippet_folder(state, root).glob(f"{SNIPPET_PREFIX}*"))]


def remove_snippets(state: ProjectState) -> None:
    """Take all snippets of the project away, and tell every shell; what they were written from stays."""
    aliases = read_aliases(state)
    found = find_snippets(state, (os.fspath(state.root), *aliases))
    for path in found:
        path.unlink(missing_ok=True)
    for alias in aliases:
        _remove_empty_folders(snippet_folder(state, alias), below=state_directory_of(state) / "projects")
    for path in state.directory.glob(f"{REFERENCE_PREFIX}*"):
        path.unlink(missing_ok=True)
    if found:
        begin_generation(os.fspath(state_directory_of(state)))


def make_snippet_folder(state: ProjectState, root: str) -> Path:
    """The folder for the snippets of `root`, made where it is missing."""
    folder = snippet_folder(state, root)
    make_private_directory(folder)
    return folder


def is_denied(state: ProjectState) -> bool:
    """Whether the owner does not want the project to act on cd."""
    return state.denied_file.exists()


def _remove_empty_folders(folder: Path, *, below: Path) -> None:
    with contextlib.suppress(OSError):
        while folder != below and folder.is_relative_to(below):
            folder.rmdir()
            folder = folder.parent
