"""What `init` and `sync` tell of what they did, or would do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.backends import backend_named
from pyve.cleanup.footprint import Footprint
from pyve.environments.distributions import installed_by_hand
from pyve.verbs.demand import list_unlocked
from pyve.verbs.environment_plan import Action, Plan, Wishes
from pyve.verbs.furnish import Furnished
from pyve.verbs.plan_changes import PackageChanges, compare_packages, foresee_changes


@dataclass(frozen=True, kw_only=True)
class SyncResult:
    """What `init` and `sync` did, or with `dry_run` would do.

    `action` is one of Action's values. `environment` and what follows from it are None for a build that was only
    planned; then `declared_since` and `no_longer_declared` are the declared lines that make the difference to what is
    in use. Distributions are maps of normalised name to version; `changed` holds `old -> new`; of a plan `added`,
    `removed` and `changed` are what the lock, or the environment that is there, says, and empty where only a resolution
    would tell.
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
    fingerprint: str | None
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
    unlocked: tuple[str, ...] = ()
    declared_since: tuple[str, ...] = ()
    no_longer_declared: tuple[str, ...] = ()


def describe_furnished(plan: Plan, furnished: Furnished, footprint: Footprint) -> SyncResult:
    """The result of a plan that was carried out."""
    record = furnished.record
    changes = compare_packages(plan.before.distributions if plan.before else {}, record.distributions)
    present = backend_named(record.backend).installed(record)
    return SyncResult(
        project=str(plan.state.root),
        name=plan.name,
        dry_run=False,
        action=furnished.action.value,
        reason=furnished.reason,
        backend=record.backend,
        python=record.python_version or None,
        python_executable=record.python_executable if record.python_version else None,
        python_reason=record.python_source,
        environment=record.directory,
        fingerprint=record.fingerprint,
        source=record.source,
        locked=record.locked,
        packages=len(record.distributions),
        size_bytes=record.size_bytes,
        engine=f"{record.engine} {record.engine_version}",
        added=changes.added,
        removed=changes.removed,
        changed=changes.changed,
        by_hand=installed_by_hand(record.distributions, present, kept=record.kept),
        dropped=plan.dropped,
        files=footprint.shown(),
        pin=plan.pin.write if plan.pin else None,
        unlocked=record.unlocked,
    )


def describe_plan(plan: Plan, footprint: Footprint) -> SyncResult:
    """The result of a plan that was only made."""
    record, demand, interpreter = plan.record, plan.demand, plan.interpreter
    before = plan.before.declared if plan.before else ()
    now = demand.declared if demand else before
    changes = foresee_changes(plan) or PackageChanges()
    return SyncResult(
        project=str(plan.state.root),
        name=plan.name,
        dry_run=True,
        action=plan.action.value,
        reason=plan.reason,
        backend=demand.spec.backend if demand else record.backend if record else "venv",
        python=(record.python_version or None)
        if record
        else interpreter.interpreter.version_text
        if interpreter
        else None,
        python_executable=str(interpreter.interpreter.executable) if interpreter else None,
        python_reason=interpreter.reason if interpreter else record.python_source if record else None,
        environment=record.directory if record else None,
        fingerprint=plan.fingerprint,
        source=demand.spec.declaration.source if demand else record.source if record else None,
        locked=demand.spec.declaration.is_lock if demand else record.locked if record else None,
        packages=len(record.distributions) if record else None,
        size_bytes=record.size_bytes if record else None,
        engine=plan.conda.engine if plan.conda else None,
        added=changes.added,
        removed=changes.removed,
        changed=changes.changed,
        dropped=plan.dropped,
        files=footprint.shown(),
        pin=plan.pin.write if plan.pin else None,
        unlocked=list_unlocked(demand.spec.declaration) if demand else record.unlocked if record else (),
        declared_since=tuple(line for line in now if line not in before),
        no_longer_declared=tuple(line for line in before if line not in now),
    )


def describe_first(root: Path, wishes: Wishes) -> SyncResult:
    """The result of planning the very first environment.yml of a project: what it will lead to is not known yet."""
    return SyncResult(
        project=str(root),
        name=root.name,
        dry_run=True,
        action=Action.BUILD.value,
        reason="no environment for this declaration yet",
        backend=wishes.choices.backend or "micromamba",
        python=None,
        python_executable=None,
        python_reason=None,
        environment=None,
        fingerprint=None,
        source="environment.yml",
        locked=False,
        packages=None,
        size_bytes=None,
        engine=None,
        files=("environment.yml",),
    )
