"""Carry a plan out: build or take the environment, approve the files, put it in use."""

from dataclasses import dataclass, replace
from pathlib import Path

from pyve.backends import backend_named
from pyve.backends.backend import BuildRequest
from pyve.environments.choices import write_choices
from pyve.environments.construction import (
    commit_record,
    hold_build_lock,
    new_directory,
    sweep_unfinished,
    work_directory,
)
from pyve.environments.inputs import approve
from pyve.environments.pointing import Pointing, point
from pyve.environments.progress import Progress, ProgressEvent
from pyve.environments.record import COPY_NAME, EnvironmentRecord, find_newest, write_record
from pyve.project.pin_files import PIN_NAMES, write_pin
from pyve.system.file_lock import hold_lock
from pyve.verbs.built_record import describe_build
from pyve.verbs.demand import approval_of, read_variables
from pyve.verbs.entry_renewal import renew_entry
from pyve.verbs.environment_plan import Action, Plan
from pyve.verbs.project_refresh import begin_log, needs_refresh, refresh_project
from pyve.verbs.publish import publish_snippets
from pyve.verbs.situation import Situation
from pyve.verbs.stable_links import lead_links


@dataclass(frozen=True, kw_only=True)
class Furnished:
    """What was done: the environment now in use, how it came, and what is to be told."""

    record: EnvironmentRecord
    action: Action
    reason: str
    notes: tuple[str, ...] = ()


def furnish(situation: Situation, plan: Plan, progress: Progress, *, links: tuple[Path, ...]) -> Furnished:
    """Carry `plan` out and let `links` lead to it. The project is registered and its store prepared.

    Whatever fails leaves the environment in use as it was; a build that another pyve finished meanwhile is taken.
    """
    furnished = _take(situation, plan, progress)
    if plan.demand is not None and needs_refresh(plan.demand, furnished.record):
        record = refresh_project(
            situation, plan.store, plan.demand, furnished.record, progress, offline=plan.wishes.offline
        )
        furnished = replace(furnished, record=record)
    with hold_lock(plan.state.lock_file):
        if plan.pin and plan.pin.write:
            write_pin(plan.state.root, plan.pin.write)
            plan.digests.forget(PIN_NAMES[0])
        write_choices(plan.state.choices_file, plan.choices)
        _put_in_use(situation, plan, furnished.record)
        lead_links(plan.store, furnished.record, links)
        publish_snippets(situation, plan.state)
    return furnished


def _take(situation: Situation, plan: Plan, progress: Progress) -> Furnished:
    if plan.action is Action.BUILD:
        return _build_alone(situation, plan, progress)
    assert plan.record is not None, "a plan that builds nothing names what is there"
    if plan.action is Action.ADOPT:
        commit_record(plan.store, plan.record)
    renewal = renew_entry(plan.store, plan.record, environment=situation.environment)
    record, notes = (renewal.record, renewal.notes) if renewal else (plan.record, ())
    return Furnished(record=record, action=plan.action, reason=plan.reason, notes=notes)


def _build_alone(situation: Situation, plan: Plan, progress: Progress) -> Furnished:
    """Build under the fingerprint's lock, unless another pyve has built the same while this one waited for it."""
    waited = []

    def on_wait() -> None:
        waited.append(True)
        progress(ProgressEvent(phase="wait", message="Waiting for another pyve that builds the same environment"))

    with hold_build_lock(plan.store, plan.fingerprint, on_wait=on_wait) as descriptor:
        sweep_unfinished(plan.store, held=plan.fingerprint)
        if not plan.anew:
            built = find_newest(plan.store.records(), plan.fingerprint)
            if built is not None and backend_named(built.backend).diagnose(built) is None:
                return Furnished(record=built, action=Action.SWITCH, reason="another pyve has just built it")
        record, notes = _build(situation, plan, progress, lock=descriptor)
    return Furnished(record=record, action=Action.BUILD, reason=plan.reason, notes=notes)


def _build(
    situation: Situation, plan: Plan, progress: Progress, *, lock: int
) -> tuple[EnvironmentRecord, tuple[str, ...]]:
    """The record of the environment that was built, and what is to be told of it."""
    demand = plan.demand
    assert demand is not None, "what is built was parsed"
    backend = backend_named(demand.spec.backend)
    log = begin_log(situation, plan.fingerprint)
    earlier = find_newest(plan.store.records(), plan.fingerprint) if plan.preferences else None
    with (
        new_directory(plan.store, plan.fingerprint) as directory,
        work_directory(plan.store, directory.name) as work,
    ):
        result = backend.build(
            BuildRequest(
                spec=demand.spec,
                directory=directory,
                interpreter=plan.interpreter.interpreter if plan.interpreter else None,
                log=log,
                work_directory=work,
                cache_directory=situation.cache_directory,
                environment=situation.environment,
                preferences=plan.preferences,
                keep=plan.keep,
                inherited_descriptors=(lock,),
                offline=plan.wishes.offline,
                wheels_only=plan.wishes.wheels_only,
                kept_from=plan.before if plan.keep else None,
                earlier=earlier,
                conda=plan.conda,
            ),
            progress,
        )
        record = describe_build(plan, demand, directory, result, earlier=earlier)
        write_record(directory / COPY_NAME, record)
        commit_record(plan.store, record)
    log.unlink(missing_ok=True)
    return record, result.notes


def _put_in_use(situation: Situation, plan: Plan, record: EnvironmentRecord) -> None:
    """Approve the project's files as they were read, and point to the environment. The caller holds the lock."""
    digests = plan.digests
    if plan.demand is not None:
        approval = approval_of(
            plan.demand, digests, directory=record.directory, situation=situation, choices=plan.choices
        )
    else:
        assert plan.approval is not None, "what was not parsed was approved"
        approval = replace(plan.approval, directory=record.directory)
    approve(plan.state.approved_file, approval, records=plan.state.records)
    backend = backend_named(record.backend)
    point(
        plan.store,
        Pointing(
            record=record,
            name=approval.name,
            prompt=approval.prompt,
            changes=backend.changes_on_entry(record, name=approval.name),
            watched={name: (digests.signature_of(name), digest) for name, digest in approval.digests.items()},
            sentinels=backend.sentinels(record),
            variables=read_variables(situation.environment),
        ),
    )
