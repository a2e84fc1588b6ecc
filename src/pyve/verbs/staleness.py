"""Whether the environment in use is still the one that the project's files ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyve.environments.choices import read_choices
from pyve.environments.current import Current
from pyve.environments.inputs import Digests
from pyve.environments.record import EnvironmentRecord
from pyve.environments.state import ProjectState
from pyve.errors import PyveError
from pyve.verbs.demand import Demand, find_approval, read_demand
from pyve.verbs.outcome import Problem
from pyve.verbs.project_refresh import needs_refresh
from pyve.verbs.situation import Situation


@dataclass(frozen=True, kw_only=True)
class ChangedFile:
    """A file that is not as it was: `how` is edited, new or gone."""

    name: str
    how: str


@dataclass(frozen=True, kw_only=True)
class Staleness:
    """Whether the files ask for another environment (None: they cannot be read), and what is behind it.

    `stale_lock` says why a lock does not answer what it was made from, empty where all do.
    """

    stale: bool | None
    refresh_due: bool = False
    changed_files: tuple[ChangedFile, ...] = ()
    demand: Demand | None = None
    problems: tuple[Problem, ...] = ()
    stale_lock: str = ""

    def came(self, record: EnvironmentRecord) -> tuple[str, ...]:
        """What is declared now and was not when the environment was built."""
        return tuple(line for line in self._declared() if line not in record.declared) if self.stale else ()

    def went(self, record: EnvironmentRecord) -> tuple[str, ...]:
        """What was declared when the environment was built and is not now."""
        return tuple(line for line in record.declared if line not in self._declared()) if self.stale else ()

    def _declared(self) -> tuple[str, ...]:
        return self.demand.declared if self.demand else ()


def judge_staleness(
    situation: Situation, state: ProjectState, current: Current, record: EnvironmentRecord
) -> Staleness:
    """Whether the files still ask for this environment; nothing is parsed while their digests are approved."""
    digests = Digests(state.root)
    choices = read_choices(state.choices_file)
    approval = find_approval(situation, state, choices, digests)
    known = approval is not None and Path(approval.directory).name == record.key
    if approval is not None and known and approval.own_metadata == record.own_metadata:
        return Staleness(stale=False, stale_lock=approval.stale_lock)
    changed = tuple(_changed_files(current, digests))
    try:
        demand = read_demand(situation, state.root, choices, may_export=not state.is_denied())
    except PyveError as error:
        return Staleness(stale=None, changed_files=changed, problems=(Problem.of(error),))
    stale = demand.fingerprint != record.fingerprint
    due = not stale and needs_refresh(demand, record)
    return Staleness(
        stale=stale,
        refresh_due=due,
        changed_files=changed,
        demand=demand,
        stale_lock=demand.spec.declaration.stale_lock,
    )


def _changed_files(current: Current, digests: Digests) -> Iterator[ChangedFile]:
    for _, digest, name in current.watched():
        now = digests.of(name)
        if now != digest:
            yield ChangedFile(name=name, how="new" if digest == "-" else "gone" if now == "-" else "edited")
