"""`pyve shell-env`: what a shell's hook starts when a watched file has changed. It answers through the snippet.

Light: where nothing that counts has changed (a file came or went beside the manifests, a `touch` of the directory),
only the reference files get a new time. What has really changed is settled in verbs/shell_env_changed.py.
"""

import os
import sys

from pyve.environments.current import (
    CURRENT_NAME,
    ENV_VALUES_NAME,
    STATE_FOLDER,
    TOLD_NAME,
    Current,
    find_project_of,
    mirror,
    read_fields,
    require_private,
)
from pyve.environments.env_values import is_as_approved, read_env_values
from pyve.environments.references import current_moment, find_newest_time, list_watched_files, renew_references
from pyve.errors import NoProjectError
from pyve.system.directories import state_directory
from pyve.verbs.run import has_changed

TYPE_CHECKING = False  # typing itself is too heavy here
if TYPE_CHECKING:
    from collections.abc import Callable


def shell_env(directory: str, environment: "dict[str, str]", *, say: "Callable[[str], None]") -> None:
    """Bring the snippets of the project at or above `directory` (absolute) up to what its files say.

    What there is to say, shells say when they read the snippet; `say` is called before what takes long. Raises
    PyveError and OSError where the state cannot be read or written, NoProjectError where there is no project; the shell
    asks no more then, until its next cd or the next change of any snippet.
    """
    state = state_directory(environment)
    root = find_project_of(state, directory)
    if root is None:
        raise NoProjectError(f"No pyve project at or above {directory}.", hint="pyve init")
    require_private(state)
    folder = os.path.join(mirror(state, root), STATE_FOLDER)
    fields = read_fields(os.path.join(folder, CURRENT_NAME))
    now = current_moment()
    current = Current(fields or [])
    values = read_env_values(os.path.join(folder, ENV_VALUES_NAME))
    env_file = values.file if values else ""
    watched = list_watched_files(root, current, env_file, now=now)
    newest = find_newest_time(watched)
    settled = (
        # What bears a time to come would be newer for ever: the snippet must not watch it any more.
        watched == list_watched_files(root, current, env_file, now=sys.maxsize)
        and root in watched
        and (fields is None or not has_changed(current, root, folder, environment))
        and (values is None or is_as_approved(root, values))
        and not os.path.exists(os.path.join(folder, TOLD_NAME))
    )
    if not settled or not renew_references(folder, newest, now=now):
        from pyve.verbs.shell_env_changed import settle

        settle(root, environment, looked_at=newest, say=say)
