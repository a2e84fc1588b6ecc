"""`pyve sync`: give the project the environment its files declare. `init` ends here too."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyve.backends import backend_named
from pyve.cleanup.build_outputs import claim_build_outputs, expect_build_outputs
from pyve.cleanup.footprint import Footprint, apply_footprint, decide_footprint
from pyve.environments.distributions import installed_by_hand
from pyve.environments.progress import Progress
from pyve.environments.record import EnvironmentRecord
from pyve.environments.state import ProjectState, state_of_project
from pyve.errors import NoProjectError, PyveError
from pyve.project.config import read_project_config
from pyve.project.manifests.pyproject_toml import read_build_backend
from pyve.project.root import check_root, find_root
from pyve.system.file_lock import hold_lock, share_lock
from pyve.verbs.furnish import furnish
from pyve.verbs.outcome import Outcome
from pyve.verbs.provision import Action, Plan, Wishes, plan_environment
from pyve.verbs.situation import Situation, registered_root, store_of


@dataclass(frozen=True, kw_only=True)
class SyncRequest:
    """`pyve sync` with its options."""

    wishes: Wishes = field(default_factory=Wishes)
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class SyncResult:
    """What `init` and `sync` did, or with `dry_run` would do.

    `action` is one of Action's values. `environment` and what follows from it are None for a build that was only
    planned. Distributions are maps of normalised name to version; `changed` holds `old -> new`.
    """

    project: str
    name: str
    dry_run: bool
    action: str
    reason: str
    backend: str
    python: str | None
    python_executable: str | None
    python_reason: str | None
    environment: str | None
    fingerprint: str
    source: str | None
    locked: bool | None
    packages: int | None
    size_bytes: int | None
    engine: str | None
    added: Mapping[str, str] = field(default_factory=dict)
    removed: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)
    by_hand: Mapping[str, str] = field(default_factory=dict)
    dropped: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    pin: str | None = None


def sync(situation: Situation, request: SyncRequest, progress: Progress) -> Outcome[SyncResult]:
    """Bring the environment of the nearest project up to what its files declare.

    A project with a manifest that is not registered yet is registered: to ask for its environment is its owner's word.
    Raises NoProjectError where there is neither.
    """
    root = registered_root(situation)
    if root is None:
        choice = find_root(situation.directory, home=situation.home)
        if not choice.has_manifest:
            raise NoProjectError(f"No project at or above {situation.directory}.", hint="pyve init")
        root = choice.path
    check_root(root, in_ci=situation.in_ci)
    state = state_of_project(situation.state_directory, root)
    plan = plan_environment(situation, state, request.wishes)
    return bring_up(situation, plan, progress, dry_run=request.dry_run)


def bring_up(situation: Situation, plan: Plan, progress: Progress, *, dry_run: bool) -> Outcome[SyncResult]:
    """Show the plan, or carry it out with all that it leaves in the project's tree."""
    footprint = decide_footprint(
        plan.store,
        build_backend=read_build_backend(plan.state.root),
        ignore=_may_ignore(plan),
        take_venv=plan.wishes.take_venv,
    )
    notes = (*plan.notes, *footprint.notes)
    if dry_run:
        return Outcome(data=_describe_plan(plan, footprint), notes=notes)
    with share_lock(plan.state.users_file, prepare=plan.state.register) as is_alone:
        try:
            with hold_lock(plan.state.lock_file):
                notes += apply_footprint(plan.store, footprint)
                if plan.action is Action.BUILD:
                    expect_build_outputs(plan.store)
            furnished = furnish(situation, plan, progress, links=footprint.links)
        except BaseException:
            _claim_outputs(plan)
            if not plan.store.records() and is_alone():
                _withdraw(situation, plan.state)
            raise
    _claim_outputs(plan)
    data = _describe(plan, furnished.record, furnished.action, furnished.reason, files=footprint.shown())
    return Outcome(data=data, notes=notes)


def _claim_outputs(plan: Plan) -> None:
    """Note what a build, good or bad, has left in the project's tree."""
    if plan.action is Action.BUILD and plan.state.is_registered():
        with hold_lock(plan.state.lock_file):
            claim_build_outputs(plan.store)


def _may_ignore(plan: Plan) -> bool:
    """Whether lines may go into the project's ignore files: as chosen, else as configured."""
    if plan.choices.ignore is not None:
        return plan.choices.ignore
    return (plan.demand.config if plan.demand else read_project_config(plan.state.root)).ignore


def _withdraw(situation: Situation, state: ProjectState) -> None:
    """After a first build that failed: leave the directory as it was found. The log of the build stays."""
    from pyve.cleanup.purge_plan import plan_purge
    from pyve.cleanup.removal import apply_plan

    store = store_of(situation, state)
    with contextlib.suppress(PyveError, OSError):  # what stays is shown and taken out by purge; the failure counts
        plan = plan_purge(store, state_directory=situation.state_directory, keep_env=False)
        apply_plan(plan, stores={str(state.root): store})


def _describe(
    plan: Plan, record: EnvironmentRecord, action: Action, reason: str, *, files: tuple[str, ...]
) -> SyncResult:
    before = plan.before.distributions if plan.before else {}
    after = record.distributions
    present = backend_named(record.backend).installed(record)
    return SyncResult(
        project=str(plan.state.root),
        name=plan.name,
        dry_run=False,
        action=action.value,
        reason=reason,
        backend=record.backend,
        python=record.python_version,
        python_executable=record.python_executable,
        python_reason=record.python_source,
        environment=record.directory,
        fingerprint=record.fingerprint,
        source=record.source,
        locked=record.locked,
        packages=len(record.distributions),
        size_bytes=record.size_bytes,
        engine=f"{record.engine} {record.engine_version}",
        added={name: version for name, version in after.items() if name not in before},
        removed={name: version for name, version in before.items() if name not in after},
        changed={
            name: f"{before[name]} -> {version}"
            for name, version in after.items()
            if name in before and before[name] != version
        },
        by_hand=installed_by_hand(record.distributions, present, kept=record.kept),
        dropped=plan.dropped,
        files=files,
        pin=plan.pin.write if plan.pin else None,
    )


def _describe_plan(plan: Plan, footprint: Footprint) -> SyncResult:
    record, demand, interpreter = plan.record, plan.demand, plan.interpreter
    return SyncResult(
        project=str(plan.state.root),
        name=plan.name,
        dry_run=True,
        action=plan.action.value,
        reason=plan.reason,
        backend=demand.spec.backend if demand else record.backend if record else "venv",
        python=record.python_version if record else interpreter.interpreter.version_text if interpreter else None,
        python_executable=str(interpreter.interpreter.executable) if interpreter else None,
        python_reason=interpreter.reason if interpreter else record.python_source if record else None,
        environment=record.directory if record else None,
        fingerprint=plan.fingerprint,
        source=demand.spec.declaration.source if demand else record.source if record else None,
        locked=demand.spec.declaration.is_lock if demand else record.locked if record else None,
        packages=len(record.distributions) if record else None,
        size_bytes=record.size_bytes if record else None,
        engine=None,
        dropped=plan.dropped,
        files=footprint.shown(),
        pin=plan.pin.write if plan.pin else None,
    )
