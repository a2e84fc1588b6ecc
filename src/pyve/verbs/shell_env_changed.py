"""What `pyve shell-env` does when something has really changed: switch at once to what is known, else say so once."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from pyve.activation.trust import tell_changed
from pyve.environments.choices import read_choices
from pyve.environments.current import Current, read_fields
from pyve.environments.env_values import is_as_approved, read_env_values
from pyve.environments.inputs import Digests
from pyve.environments.state import ProjectState, state_of_project
from pyve.errors import PyveError
from pyve.system.file_lock import hold_lock
from pyve.system.time_limit import TimeUpError, limit_time
from pyve.verbs.auto_sync import sync_from_prompt
from pyve.verbs.demand import find_approval
from pyve.verbs.publish import publish_snippets
from pyve.verbs.run_changed import settle_change
from pyve.verbs.situation import Situation, read_situation

_MOST_SECONDS = 5.0  # of reading what has changed, while a prompt waits


def settle(root: str, environment: Mapping[str, str], *, looked_at: int, say: Callable[[str], None]) -> None:
    """Put the environment in use that was approved for the files as they are, or write down why that cannot be done.

    Builds nothing, unless the user's own settings name the project in `auto-sync`: then wheels alone. `looked_at` is
    the time of the newest watched file before any of them was compared.
    """
    situation = read_situation(directory=Path(root), environment=environment)
    state = state_of_project(situation.state_directory, Path(root))
    notice = _settle_environment(situation, state, say)
    values = read_env_values(state.env_values_file)
    if not notice and values is not None and not is_as_approved(state.root, values):
        notice = tell_changed(values.file)
    with hold_lock(state.lock_file):
        publish_snippets(situation, state, notice=notice, looked_at=looked_at if notice else None)


def _settle_environment(situation: Situation, state: ProjectState, say: Callable[[str], None]) -> str:
    """Switch where a switch is all it takes; else the sentence for the shell, empty when all is well."""
    try:
        fields = read_fields(os.fspath(state.current_file))
        if fields is None:
            return ""
        current = Current(fields)
        with limit_time(_MOST_SECONDS):
            settled, notice = settle_change(
                current,
                root=os.fspath(state.root),
                folder=os.fspath(state.directory),
                strict=False,
                environment=situation.environment,
                may_run_scripts=False,
            )
        may_sync = settled is not current or (notice and situation.settings.allow_auto_sync(state.root))
        if may_sync and sync_from_prompt(situation, state, say=say):
            return ""
    except (TimeUpError, RecursionError, MemoryError):  # made to be: a person's files take a hundredth of this
        return "the project's files are too large or too deep to be read at a prompt: pyve status"
    except PyveError as error:
        return f"{error.message.partition(chr(10))[0].rstrip('.')}: {error.hint or 'pyve status'}"
    if notice or settled is not current:
        return notice or "environment is out of date: pyve sync"
    return _tell_stale_lock(situation, state)


def _tell_stale_lock(situation: Situation, state: ProjectState) -> str:
    """The sentence for a lock that does not answer what is declared, though it is what is installed."""
    approval = find_approval(situation, state, read_choices(state.choices_file), Digests(state.root))
    return f"{approval.stale_lock}: pyve lock" if approval is not None and approval.stale_lock else ""
