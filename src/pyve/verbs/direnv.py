"""`pyve direnv`: the lines of an .envrc by which direnv keeps the project's environment."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from pyve.activation.dialects import DIALECTS
from pyve.activation.templates import fill, read_template
from pyve.environments.current import Current, read_fields
from pyve.environments.env_values import read_env_values
from pyve.environments.pointing import STABLE_LINK
from pyve.environments.state import ProjectState
from pyve.project.manifest import WATCHED_NAMES
from pyve.verbs.outcome import Outcome
from pyve.verbs.situation import Situation, find_project

_LINK = f".pyve/{STABLE_LINK}"  # replaced whenever another environment is put in use


@dataclass(frozen=True, kw_only=True)
class DirenvResult:
    """`text` is for the file .envrc at the project's root; empty where that has it already."""

    project: Path
    text: str
    watched: tuple[str, ...]


def write_envrc_lines(situation: Situation) -> Outcome[DirenvResult]:
    """The lines for .envrc. Raises NoProjectError, StateDamagedError and StateTooNewError."""
    state = find_project(situation)
    watched = _list_watched(state)
    bash = DIALECTS["bash"]
    values = {"WATCH": bash.join(bash.quote(name) for name in watched)}
    text = fill(read_template(bash, "direnv"), values)
    file = state.root / ".envrc"
    if text in _read(file):
        data = DirenvResult(project=state.root, text="", watched=watched)
        return Outcome(data=data, notes=(f"{file} has these lines already.",))
    data = DirenvResult(project=state.root, text=text, watched=watched)
    return Outcome(data=data, notes=("These lines belong into .envrc: pyve direnv >> .envrc && direnv allow",))


def _list_watched(state: ProjectState) -> tuple[str, ...]:
    """What the environment depends on, by paths from the root, which hold on every machine."""
    current = Current(read_fields(os.fspath(state.current_file)) or [])
    names = [name for _, _, name in current.watched()] or list(WATCHED_NAMES)
    values = read_env_values(state.env_values_file)
    if values is not None:
        names.append(values.file)
    relative = (_relative_to(state.root, name) for name in names)
    return tuple(dict.fromkeys((_LINK, *(name.replace(os.sep, "/") for name in relative))))


def _relative_to(root: Path, name: str) -> str:
    path = os.path.join(root, name)
    try:
        return os.path.relpath(path, root)
    except ValueError:  # on another drive
        return path


def _read(file: Path) -> str:
    with contextlib.suppress(OSError):
        return file.read_bytes().decode("utf-8", "surrogateescape")
    return ""
