"""`pyve list`: the environments of this project, or of all projects on this machine."""

from dataclasses import dataclass
from pathlib import Path

from pyve.environments.record import EnvironmentRecord
from pyve.environments.state import ProjectState, registered_projects
from pyve.environments.store import EnvironmentStore
from pyve.system.files import measure_tree
from pyve.verbs.outcome import Outcome
from pyve.verbs.situation import Situation, find_project, store_of
from pyve.verbs.status import last_used_at


@dataclass(frozen=True, kw_only=True)
class ListRequest:
    """`pyve list` with its options."""

    all_projects: bool = False
    sizes: bool = False


@dataclass(frozen=True, kw_only=True)
class ListedEnvironment:
    """One environment. `use` is current, previous or empty; `present` says that its directory is there."""

    project: str
    directory: str
    use: str
    present: bool
    backend: str
    python: str | None
    packages: int
    source: str
    fingerprint: str
    created_at: str
    last_used_at: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class ListResult:
    """All environments asked for, newest first in each project, and what in the projects is not pyve's.

    `size_bytes` is the sum of those that are there.
    """

    environments: tuple[ListedEnvironment, ...]
    foreign: tuple[str, ...]
    size_bytes: int


def list_environments(situation: Situation, request: ListRequest) -> Outcome[ListResult]:
    """List; raises NoProjectError without --all where there is no project."""
    states = registered_projects(situation.state_directory) if request.all_projects else [find_project(situation)]
    found: list[ListedEnvironment] = []
    foreign: list[str] = []
    for state in states:
        store = store_of(situation, state)
        found += _list_project(state, store, measure=request.sizes)
        foreign += [str(path) for path in store.foreign_directories()]
    total = sum(environment.size_bytes for environment in found if environment.present)
    return Outcome(data=ListResult(environments=tuple(found), foreign=tuple(foreign), size_bytes=total))


def _list_project(state: ProjectState, store: EnvironmentStore, *, measure: bool) -> "list[ListedEnvironment]":
    current, previous = store.current_record(), store.previous_record()
    return [
        ListedEnvironment(
            project=str(state.root),
            directory=record.directory,
            use=_use(record, current, previous),
            present=Path(record.directory).is_dir(),
            backend=record.backend,
            python=record.python_version or None,
            packages=len(record.distributions),
            source=record.source,
            fingerprint=record.fingerprint,
            created_at=record.created_at,
            last_used_at=last_used_at(store, record),
            size_bytes=measure_tree(Path(record.directory)) if measure else record.size_bytes,
        )
        for record in store.records()
    ]


def _use(record: EnvironmentRecord, current: EnvironmentRecord | None, previous: EnvironmentRecord | None) -> str:
    if current is not None and record.key == current.key:
        return "current"
    return "previous" if previous is not None and record.key == previous.key else ""
