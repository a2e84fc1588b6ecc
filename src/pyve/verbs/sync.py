"""`pyve sync`: give the project the environment its files declare. `init` ends here too."""

import contextlib
import os
from dataclasses import dataclass, field

from pyve.activation.trust import tell_trust
from pyve.backends import backend_named
from pyve.cleanup.build_outputs import claim_build_outputs, expect_build_outputs
from pyve.cleanup.footprint import apply_footprint, decide_footprint
from pyve.environments.progress import Progress
from pyve.environments.snippet_places import find_snippets
from pyve.environments.state import ProjectState, state_of_project
from pyve.errors import PyveError
from pyve.project.config import ProjectConfig, read_project_config
from pyve.project.manifests.pyproject_toml import read_build_backend
from pyve.system.file_lock import hold_lock, share_lock
from pyve.verbs.conda_build import bring_engine
from pyve.verbs.environment_plan import Action, Plan, Wishes
from pyve.verbs.furnish import furnish
from pyve.verbs.outcome import Outcome
from pyve.verbs.project_root import find_asked_root
from pyve.verbs.provision import plan_environment
from pyve.verbs.situation import Situation, require_writable_state, store_of
from pyve.verbs.sync_result import SyncResult, describe_furnished, describe_plan


@dataclass(frozen=True, kw_only=True)
class SyncRequest:
    """`pyve sync` with its options."""

    wishes: Wishes = field(default_factory=Wishes)
    dry_run: bool = False


def sync(situation: Situation, request: SyncRequest, progress: Progress) -> Outcome[SyncResult]:
    """Bring the environment of the nearest project up to what its files declare.

    A project with a manifest that is not registered yet is registered: to ask for its environment is its owner's word.
    Raises NoProjectError where there is neither.
    """
    root = find_asked_root(situation)
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
        venv_link=_makes_venv_link(plan),
    )
    notes = (*plan.notes, *footprint.notes)
    if dry_run:
        return Outcome(data=describe_plan(plan, footprint), notes=notes)
    require_writable_state(situation)
    with share_lock(plan.state.users_file, prepare=plan.state.register) as is_alone:
        try:
            with hold_lock(plan.state.lock_file):
                notes += apply_footprint(plan.store, footprint)
                if plan.action is Action.BUILD:
                    expect_build_outputs(plan.store)
            plan = bring_engine(situation, plan, progress)
            furnished = furnish(situation, plan, progress, links=footprint.links)
        except BaseException:
            _claim_outputs(plan)
            if not plan.store.records() and not _has_been_answered(plan.state) and is_alone():
                _withdraw(situation, plan.state)
            raise
    _claim_outputs(plan)
    data = describe_furnished(plan, furnished, footprint)
    notes = (
        *notes,
        *furnished.notes,
        *tell_trust(plan.state, _config_of(plan)),
    )
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
    return _config_of(plan).ignore


def _makes_venv_link(plan: Plan) -> bool:
    name = plan.record.backend if plan.record else plan.demand.spec.backend if plan.demand else "venv"
    return backend_named(name).makes_venv_link


def _config_of(plan: Plan) -> ProjectConfig:
    return plan.demand.config if plan.demand else read_project_config(plan.state.root)


def _has_been_answered(state: ProjectState) -> bool:
    """Whether the owner has said by `allow` or `deny` what the project may do, before anything was built."""
    return state.is_denied() or bool(find_snippets(state, (os.fspath(state.root),)))


def _withdraw(situation: Situation, state: ProjectState) -> None:
    """After a first build that failed: leave the directory as it was found. The log of the build stays."""
    from pyve.cleanup.purge_plan import plan_purge
    from pyve.cleanup.removal import apply_plan

    store = store_of(situation, state)
    with contextlib.suppress(PyveError, OSError):  # what stays is shown and taken out by purge; the failure counts
        plan = plan_purge(store, state_directory=situation.state_directory, keep_env=False)
        apply_plan(plan, stores={str(state.root): store})
