"""Where a verb runs: the process's surroundings, read once at the edge, and the project they lead to."""

import os
import shlex
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.environments.current import find_project_of, require_private
from pyve.environments.state import ProjectState, state_of_project
from pyve.environments.store import EnvironmentStore
from pyve.errors import NoProjectError, NotADirectoryHereError, PathNotWritableError
from pyve.project.user_settings import UserSettings, read_user_settings, user_settings_file
from pyve.system.directories import cache_directory, home_directory, state_directory


@dataclass(frozen=True, kw_only=True)
class Situation:
    """The surroundings of one pyve process. `directory` is where it stands: --project, else the working directory."""

    directory: Path
    home: Path
    environment: Mapping[str, str]
    state_directory: str
    cache_directory: Path
    settings: UserSettings

    @property
    def in_ci(self) -> bool:
        """Whether CI is set (to anything but an empty text, 0 or false)."""
        return self.environment.get("CI", "").lower() not in ("", "0", "false")


def read_situation(*, directory: Path | None, environment: Mapping[str, str]) -> Situation:
    """Read the surroundings.

    Raises HomeUnknownError, ConfigInvalidError, NotADirectoryHereError where the state directory is none, and
    OwnerMismatchError when others may write what pyve believes.
    """
    state = state_directory(environment)
    if os.path.isdir(state):
        require_private(state)
    elif os.path.lexists(state):
        raise NotADirectoryHereError(f"{state} is not a directory; pyve keeps its state there.", hint=f"ls -ld {state}")
    return Situation(
        directory=absolute_directory(directory),
        home=Path(home_directory(environment)),
        environment=environment,
        state_directory=state,
        cache_directory=Path(cache_directory(environment)),
        settings=read_user_settings(user_settings_file()),
    )


def require_writable_state(situation: Situation) -> None:
    """Raise PathNotWritableError, before anything is begun, unless something can be written to the state directory."""
    state = Path(situation.state_directory)
    there = next(place for place in (state, *state.parents) if os.path.lexists(place))
    if os.access(there, os.W_OK | os.X_OK):
        return
    is_mode = there == state and sys.platform != "win32" and not stat.S_IMODE(there.stat().st_mode) & stat.S_IWUSR
    mend = f"chmod u+rwx {shlex.quote(str(state))}" if is_mode else "have its disk mounted for writing"
    raise PathNotWritableError(
        f"The state directory {state} cannot be written to.",
        hint=f"{mend}, or name a directory of your own: export PYVE_STATE_DIR=DIR",
    )


def absolute_directory(directory: Path | None) -> Path:
    """The directory a verb stands in, absolute, symbolic links resolved.

    Raises NoProjectError when it does not exist, any more or at all.
    """
    try:
        return Path(os.path.realpath(directory or Path.cwd(), strict=True))
    except OSError as error:
        named = f"{directory} does not exist" if directory else "The working directory does not exist any more"
        raise NoProjectError(f"{named}.", hint="cd to an existing directory, or name one with --project DIR") from error


def registered_root(situation: Situation) -> Path | None:
    """The root of the nearest registered project at or above, the same one that hooks use."""
    root = find_project_of(situation.state_directory, str(situation.directory))
    return None if root is None else Path(root)


def find_project(situation: Situation) -> ProjectState:
    """The state of the nearest registered project at or above; raises NoProjectError."""
    root = registered_root(situation)
    if root is None:
        raise NoProjectError(f"No pyve project at or above {situation.directory}.", hint="pyve init")
    return state_of_project(situation.state_directory, root)


def store_of(situation: Situation, state: ProjectState) -> EnvironmentStore:
    """The store of the project: in its .pyve, or where the user's settings put environments."""
    location = situation.settings.store_location
    if location is None:
        return EnvironmentStore(state=state, folder=state.root / ".pyve" / "envs")
    inside = state.root.relative_to(state.root.anchor)
    return EnvironmentStore(state=state, folder=location / inside / "envs")
