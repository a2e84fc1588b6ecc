"""What `activate` and `shell` enter: the environment that the project's files ask for, else the one in use."""

import os
from dataclasses import dataclass
from pathlib import Path

from pyve.activation.project_snippet import compose_snippet
from pyve.activation.snippet import Snippet
from pyve.activation.trust import tell_changed
from pyve.environments.current import Current, read_fields
from pyve.environments.env_values import is_as_approved, read_env_values
from pyve.environments.state import ProjectState
from pyve.errors import NoEnvironmentError, RunFailedError
from pyve.verbs.run import has_changed, mark_used
from pyve.verbs.run_changed import settle_change
from pyve.verbs.shell_env_changed import settle
from pyve.verbs.situation import Situation, find_project


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A project to enter; `notice` is a sentence where `environment` is not what its files ask for, else empty."""

    root: Path
    environment: Path
    snippet: Snippet
    notice: str


def find_entry(situation: Situation) -> Entry:
    """Find what the project at or above is entered with, and note that it is used.

    Files that are those of another approved environment put that one in use, as they do at a prompt.

    Raises NoProjectError, NoEnvironmentError where there is none that can run, StateDamagedError and StateTooNewError.
    """
    state = find_project(situation)
    try:
        current = _read_current(state)
        notice = ""
        if has_changed(current, os.fspath(state.root), os.fspath(state.directory), dict(situation.environment)):
            current, notice = _settle(situation, state, current)
        mark_used(current, os.fspath(state.directory))
    except RunFailedError as error:
        raise NoEnvironmentError(error.message, hint=error.hint) from error
    values = read_env_values(state.env_values_file)
    if not notice and values is not None and not is_as_approved(state.root, values):
        notice = tell_changed(values.file)
    snippet, _ = compose_snippet(state, show_prompt=situation.settings.prompt)
    return Entry(root=state.root, environment=Path(current.first("directory")), snippet=snippet, notice=notice)


def _settle(situation: Situation, state: ProjectState, current: Current) -> tuple[Current, str]:
    """What is in use after a look at what has changed, and what is to be said of it."""
    settled, notice = settle_change(
        current,
        root=os.fspath(state.root),
        folder=os.fspath(state.directory),
        strict=False,
        environment=situation.environment,
    )
    if settled is current:
        return current, notice
    settle(os.fspath(state.root), situation.environment, looked_at=0, say=_say_nothing)
    in_use = _read_current(state)
    if in_use.first("key") != settled.first("key"):
        notice = "the environment is not the one that the files ask for; to put that in use: pyve sync"
    return in_use, notice


def _read_current(state: ProjectState) -> Current:
    fields = read_fields(os.fspath(state.current_file))
    if fields is None:
        raise NoEnvironmentError(f"{state.root} has no environment yet.", hint="pyve sync")
    return Current(fields)


def _say_nothing(_sentence: str) -> None:
    """What there is to say comes with the entry."""
