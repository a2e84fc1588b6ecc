"""`pyve status`: what this project has, why it has it, and whether that is still what its files ask for."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from pyve.activation.calling_shell import find_entered_root, find_loaded_hook
from pyve.activation.trust import tell_env_file
from pyve.backends import backend_named
from pyve.environments.distributions import installed_by_hand
from pyve.environments.inputs import changed_variables
from pyve.environments.record import EnvironmentRecord
from pyve.environments.state import ProjectState
from pyve.environments.store import EnvironmentStore
from pyve.errors import NoEnvironmentError, PyveError
from pyve.project.config import read_project_config
from pyve.system.files import measure_tree
from pyve.verbs.outcome import Outcome, Problem
from pyve.verbs.situation import Situation, find_project, store_of
from pyve.verbs.staleness import ChangedFile, judge_staleness


@dataclass(frozen=True, kw_only=True)
class StatusRequest:
    """`pyve status` with its option; `sizes` measures the disk anew.

    `shell_process` is the process that pyve was started from, None where that tells nothing.
    """

    sizes: bool = False
    shell_process: int | None = None


@dataclass(frozen=True, kw_only=True)
class StatusResult:
    """Everything about the project. Times are ISO 8601 in UTC, sizes bytes on disk.

    `stale` says that the files ask for another environment (None: they cannot be read); `changed_files`,
    `changed_variables` and the declared lines that came and went say why. `damage` is what is wrong with the
    environment in use; `refresh_due` that only the project itself is to be installed anew. `activation` is what the
    shell that started pyve does on cd: active, inactive, denied, no-environment, no-hook or hook-above.
    `python` is None for a conda environment without one; `virtual_packages` are those it was solved for, `link_scripts`
    the packages whose link scripts did not run.
    """

    project: str
    name: str
    backend: str
    backend_reason: str
    python_requested: str
    python_source: str
    python: str | None
    python_executable: str | None
    environment: str
    fingerprint: str
    source: str
    locked: bool
    unlocked: tuple[str, ...]
    extras: tuple[str, ...]
    groups: tuple[str, ...]
    packages: int
    engine: str
    engine_reason: str
    created_at: str
    resolved_at: str
    last_used_at: str
    size_bytes: int
    size_measured_at: str
    stale: bool | None
    refresh_due: bool = False
    changed_files: tuple[ChangedFile, ...] = ()
    changed_variables: tuple[str, ...] = ()
    declared_since: tuple[str, ...] = ()
    no_longer_declared: tuple[str, ...] = ()
    by_hand: Mapping[str, str] = field(default_factory=dict)
    damage: str | None = None
    previous: str | None = None
    foreign: tuple[str, ...] = ()
    activation: str = ""
    shell_environment: str | None = None
    platform: str = ""
    virtual_packages: Mapping[str, str] = field(default_factory=dict)
    link_scripts: tuple[str, ...] = ()
    stale_lock: str = ""


def status(situation: Situation, request: StatusRequest) -> Outcome[StatusResult]:
    """Tell the state of the nearest project. Exit status 1 when it is stale or damaged.

    Raises NoProjectError, and NoEnvironmentError for a project without one.
    """
    state = find_project(situation)
    store = store_of(situation, state)
    current, record = store.current(), store.current_record()
    if current is None or record is None:
        raise NoEnvironmentError(f"{state.root} is a project and has no environment in use.", hint="pyve sync")
    backend = backend_named(record.backend)
    damage = backend.diagnose(record)
    staleness = judge_staleness(situation, state, current, record)
    previous = store.previous_record()
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    demand, facts = staleness.demand, record.conda_facts
    data = StatusResult(
        project=str(state.root),
        name=current.first("name"),
        backend=record.backend,
        backend_reason=" ".join(demand.backend.evidence) if demand else record.backend_reason,
        python_requested=record.python_requested or "any",
        python_source=record.python_source,
        python=record.python_version or None,
        python_executable=record.python_executable if record.python_version else None,
        environment=record.directory,
        fingerprint=record.fingerprint,
        source=record.source,
        locked=record.locked,
        unlocked=record.unlocked,
        extras=record.extras,
        groups=record.groups,
        packages=len(record.distributions),
        engine=f"{record.engine} {record.engine_version}",
        engine_reason=record.engine_reason,
        created_at=record.created_at,
        resolved_at=record.resolved_at,
        last_used_at=last_used_at(store, record),
        size_bytes=measure_tree(Path(record.directory)) if request.sizes else record.size_bytes,
        size_measured_at=now if request.sizes else record.created_at,
        stale=staleness.stale,
        refresh_due=staleness.refresh_due,
        changed_files=staleness.changed_files,
        changed_variables=changed_variables(current, situation.environment) if staleness.stale else (),
        declared_since=staleness.came(record),
        no_longer_declared=staleness.went(record),
        by_hand=installed_by_hand(record.distributions, backend.installed(record), kept=record.kept),
        damage=damage.reason if damage else None,
        previous=previous.directory if previous and previous.key != record.key else None,
        foreign=tuple(str(path) for path in store.foreign_directories()),
        activation=_tell_activation(situation, request, state, runs=damage is None or damage.runs),
        shell_environment=_other_environment(situation, record),
        platform=facts.subdir if facts else record.platform,
        virtual_packages=facts.virtual_packages if facts else {},
        link_scripts=facts.link_scripts if facts else (),
        stale_lock=staleness.stale_lock,
    )
    problems = staleness.problems + ((_damage_problem(damage.reason),) if damage else ())
    is_due = damage is not None or staleness.stale is not False or staleness.refresh_due or staleness.stale_lock
    return Outcome(data=data, notes=_tell_env_file(state), problems=problems, exit_status=1 if is_due else 0)


def last_used_at(store: EnvironmentStore, record: EnvironmentRecord) -> str:
    """When the environment was last run or put in use: the time of its record file."""
    try:
        seconds = store.record_file(record.key).stat().st_mtime
    except OSError:
        return record.created_at
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")


def _other_environment(situation: Situation, record: EnvironmentRecord) -> str | None:
    """The environment this shell is in, when it is another one."""
    active = situation.environment.get("VIRTUAL_ENV") or situation.environment.get("CONDA_PREFIX")
    return active if active and active != record.directory else None


def _tell_activation(situation: Situation, request: StatusRequest, state: ProjectState, *, runs: bool) -> str:
    """What the shell makes of the project, as far as its variables tell."""
    if state.is_denied():
        return "denied"
    entered = find_entered_root(situation.environment)
    if entered is not None and os.path.realpath(entered) == os.fspath(state.root):
        return "active"
    if not runs:
        return "no-environment"
    hook = find_loaded_hook(situation.environment)
    if hook is None:
        return "no-hook"
    is_here = request.shell_process is None or hook.process == str(request.shell_process)
    return "inactive" if is_here else "hook-above"


def _tell_env_file(state: ProjectState) -> tuple[str, ...]:
    try:
        sentence = tell_env_file(state, read_project_config(state.root))
    except PyveError:  # a configuration that cannot be read is told as what makes the answer unknown
        return ()
    return () if sentence is None else (sentence,)


def _damage_problem(reason: str) -> Problem:
    return Problem(
        code="environment-damaged", message=f"The environment in use is damaged: {reason}.", hint="pyve sync"
    )
