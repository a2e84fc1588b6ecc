"""Which environments of a project can be removed: what its state knows, and nothing that is being built right now."""

import contextlib
import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.cleanup.claims import KEY
from pyve.cleanup.ledger import read_ledger
from pyve.cleanup.removal_plan import Kept, Refused, Removal, RemovalPlan, join_plans
from pyve.environments.construction import unfinished
from pyve.environments.record import COPY_NAME, EnvironmentRecord, read_record
from pyve.environments.state import ProjectState
from pyve.environments.store import EnvironmentStore
from pyve.errors import PyveError, StateDamagedError
from pyve.system.file_lock import try_lock
from pyve.system.files import is_link, measure_tree

BUILD_UNDER_WAY = "a build of it is under way; run this again when it has ended"
FOREIGN = "not pyve's, as far as this machine's state knows"


@dataclass(frozen=True, kw_only=True)
class KnownEnvironment:
    """An environment that the state knows; `record` is None when its record is damaged."""

    directory: Path
    record: EnvironmentRecord | None


def plan_environment_removals(
    store: EnvironmentStore, *, reason_to_keep: Callable[[KnownEnvironment], str | None], reason: str
) -> RemovalPlan:
    """Remove every finished environment that `reason_to_keep` gives none for, and what interrupted builds left.

    Raises StateTooNewError when a newer pyve wrote a record.
    """
    plans = []
    for part in stores_of(store):
        removals, keep, refused = [], [], []
        for known in known_environments(part):
            removal = _removal_of(part, known, reason=reason)
            kept_because = reason_to_keep(known)
            if isinstance(removal, Removal) and kept_because is not None:
                keep.append(Kept(path=removal.path, reason=kept_because))
            elif isinstance(removal, Removal):
                removals.append(removal)
            elif removal is not None:
                refused.append(removal)
        if part.folder == store.folder:
            swept, busy = _plan_sweep(part)
            removals += swept
            refused += busy
        keep += [Kept(path=os.fspath(path), reason=_explain_foreign(path)) for path in part.foreign_directories()]
        plans.append(RemovalPlan(remove=tuple(removals), keep=tuple(keep), refused=tuple(refused)))
    return join_plans(plans)


def stores_of(store: EnvironmentStore) -> list[EnvironmentStore]:
    """The store, and those that the project had before the user's settings moved it."""
    folders = [store.folder, store.workshop / "envs"]
    folders += [entry.path for entry in read_ledger(store.state) if entry.kind == "store-folder"]
    return [replace(store, folder=folder) for folder in dict.fromkeys(folders)]


def known_environments(store: EnvironmentStore) -> list[KnownEnvironment]:
    """The environments in the folder of `store` that have a record; a damaged record is one of the first store."""
    found = []
    for file in sorted(store.state.records.glob("*.json")):
        if not KEY.fullmatch(file.stem):
            continue
        directory = store.folder / file.stem
        record = None
        with contextlib.suppress(StateDamagedError, FileNotFoundError):
            record = read_record(file)
        if record is None or Path(record.directory) == directory:
            found.append(KnownEnvironment(directory=directory, record=record))
    return found


def is_build_under_way(state: ProjectState, fingerprint: str) -> bool:
    """Whether somebody holds the build lock of `fingerprint`; asking leaves nothing behind."""
    lock = state.locks / fingerprint[:16]
    if not fingerprint or not lock.exists():
        return False
    with try_lock(lock) as descriptor:
        return descriptor is None


def _removal_of(store: EnvironmentStore, known: KnownEnvironment, *, reason: str) -> Removal | Refused | None:
    """None where there is nothing to remove any more."""
    directory = known.directory
    for step in (store.workshop, store.folder, directory):
        if is_link(step) and directory.is_relative_to(step):
            return Refused(path=os.fspath(directory), reason=f"{step} is a link; what lies behind it is not deleted")
    if not directory.is_dir():
        return None
    fingerprint = known.record.fingerprint if known.record else ""
    if is_build_under_way(store.state, fingerprint):
        return Refused(path=os.fspath(directory), reason=BUILD_UNDER_WAY)
    return Removal(
        project=os.fspath(store.state.root),
        path=os.fspath(directory),
        kind="environment",
        reason=reason if known.record else f"{reason}; its record is damaged",
        bytes=known.record.size_bytes if known.record else measure_tree(directory),
        detail=fingerprint,
    )


def _explain_foreign(directory: Path) -> str:
    """What a foreign directory says of itself is shown and not believed: pyve deletes none, but says how to."""
    try:
        record = read_record(directory / COPY_NAME)
    except (OSError, PyveError):
        return FOREIGN
    if Path(record.directory) == directory:
        return FOREIGN
    remove = f"rm -rf {shlex.quote(os.fspath(directory))}"
    return f"made for {record.project_root}, which was moved or copied; if you do not need it: {remove}"


def _plan_sweep(store: EnvironmentStore) -> tuple[list[Removal], list[Refused]]:
    removals, refused = [], []
    for key, fingerprint in unfinished(store):
        path = store.folder / key
        if not KEY.fullmatch(key) or store.record_file(key).exists():
            continue
        if is_build_under_way(store.state, fingerprint):
            refused.append(Refused(path=os.fspath(path), reason=BUILD_UNDER_WAY))
        elif not any(is_link(step) for step in (store.workshop, store.folder, path)):
            removals.append(
                Removal(
                    project=os.fspath(store.state.root),
                    path=os.fspath(path),
                    kind="unfinished-build",
                    reason="a build or a removal that was interrupted",
                    bytes=measure_tree(path),
                    detail=fingerprint,
                )
            )
    return removals, refused
