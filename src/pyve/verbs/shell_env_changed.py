"""What `pyve shell-env` does when something has really changed: switch at once to what is known, else say so once."""

import os
from collections.abc import Mapping
from pathlib import Path

from pyve.environments.current import Current, read_fields
from pyve.environments.env_values import read_env_values
from pyve.environments.inputs import Digests
from pyve.environments.progress import ProgressEvent
from pyve.environments.state import ProjectState, state_of_project
from pyve.errors import PyveError
from pyve.system.file_lock import hold_lock
from pyve.verbs.environment_plan import Action, Plan, Wishes
from pyve.verbs.provision import plan_environment
from pyve.verbs.publish import publish_snippets
from pyve.verbs.run_changed import settle_change
from pyve.verbs.situation import Situation, read_situation
from pyve.verbs.sync import bring_up


def settle(root: str, environment: Mapping[str, str], *, looked_at: int) -> None:
    """Put the environment in use that was approved for the files as they are, or write down why that cannot be done.

    Builds nothing, unless the user's own settings name the project in `auto-sync`: then wheels alone. `looked_at` is
    the time of the newest watched file before any of them was compared.
    """
    situation = read_situation(directory=Path(root), environment=environment)
    state = state_of_project(situation.state_directory, Path(root))
    notice = _settle_environment(situation, state)
    if not notice:
        values = read_env_values(state.env_values_file)
        if values is not None and Digests(state.root).of(values.file) != values.digest:
            notice = f"{values.file} is not as it was approved; its values stay as they were; to take it in: pyve allow"
    with hold_lock(state.lock_file):
        publish_snippets(situation, state, notice=notice, looked_at=looked_at if notice else None)


def _settle_environment(situation: Situation, state: ProjectState) -> str:
    """Switch where a switch is all it takes; else the sentence for the shell, empty when all is well."""
    try:
        fields = read_fields(os.fspath(state.current_file))
        if fields is None:
            return ""
        current = Current(fields)
        settled, notice = settle_change(
            current,
            root=os.fspath(state.root),
            folder=os.fspath(state.directory),
            strict=False,
            environment=situation.environment,
        )
        if settled is not current:
            plan = plan_environment(situation, state, Wishes())
            if plan.action not in (Action.KEEP, Action.SWITCH):
                return "environment is out of date: pyve sync"
            _carry_out(situation, plan)
    except PyveError as error:
        return f"{error.message.partition(chr(10))[0].rstrip('.')}: {error.hint or 'pyve status'}"
    return f"environment is out of date: {notice}" if notice else ""


def _carry_out(situation: Situation, plan: Plan) -> None:
    def tell_nobody(_event: ProgressEvent) -> None:
        """A prompt shows no progress."""

    bring_up(situation, plan, tell_nobody, dry_run=False)
