"""Doing what a plan says, and nothing else: every step looks once more before it deletes."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from pyve.cleanup.ledger import forget_entries, read_ledger
from pyve.cleanup.removal_acts import REMOVAL_ACTS
from pyve.cleanup.removal_plan import Refused, Removal, RemovalPlan
from pyve.environments.store import EnvironmentStore
from pyve.errors import DiskFullError, PyveError, RefusedError
from pyve.system.file_lock import hold_lock


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What became of a plan: `removed` is done (or was gone already), `failed` says what is still there and why."""

    removed: tuple[Removal, ...] = ()
    failed: tuple[Refused, ...] = ()


Guard = Callable[[EnvironmentStore, Removal], "str | None"]


def apply_plan(
    plan: RemovalPlan,
    *,
    stores: Mapping[str, EnvironmentStore],
    guard: Guard = lambda _store, _removal: None,
    on_removal: Callable[[Removal], None] = lambda _removal: None,
) -> Applied:
    """Do `plan`; `stores` maps each project of it to its store.

    `guard` is asked right before each environment is deleted and may give a reason not to. Interrupted at any instant,
    a new plan ends the work. Holds each project's lock while it works on it.
    """
    removed: list[Removal] = []
    failed: list[Refused] = []
    for project, group in groupby(plan.remove, key=lambda removal: removal.project):
        store = stores[project]
        removals = list(group)
        with _hold_project(store):
            done, undone = _apply_all(store, removals, guard=guard, on_removal=on_removal)
            if not any(removal.kind == "state" for removal in removals):
                _forget(store, done)
        states = [removal for removal in removals if removal.kind == "state"]
        if states and undone:
            undone.append(Refused(path=states[0].path, reason="the state stays until all of it can go"))
        elif states:
            # After the lock is let go: Windows deletes no open file.
            done_last, undone = _apply_all(store, states, guard=guard, on_removal=on_removal, last=True)
            done += done_last
        removed += done
        failed += undone
    return Applied(removed=tuple(removed), failed=tuple(failed))


def _apply_all(
    store: EnvironmentStore,
    removals: list[Removal],
    *,
    guard: Guard,
    on_removal: Callable[[Removal], None],
    last: bool = False,
) -> tuple[list[Removal], list[Refused]]:
    done, undone = [], []
    for removal in removals:
        if (removal.kind == "state") != last:
            continue
        on_removal(removal)
        try:
            reason = guard(store, removal) if removal.kind == "environment" else None
            if reason is not None:
                raise RefusedError(reason)
            REMOVAL_ACTS[removal.kind](store, removal)
        except PyveError as error:
            undone.append(Refused(path=removal.path, reason=error.message.removesuffix(".")))
        except OSError as error:
            undone.append(Refused(path=removal.path, reason=f"{error.filename or removal.path}: {error.strerror}"))
        else:
            done.append(removal)
    return done, undone


@contextlib.contextmanager
def _hold_project(store: EnvironmentStore) -> Iterator[None]:
    if not store.state.directory.is_dir():
        yield
        return
    with hold_lock(store.state.lock_file):
        yield


def _forget(store: EnvironmentStore, done: list[Removal]) -> None:
    """Take what is undone out of the ledger, where the ledger stays; a folder that was not empty is not undone."""
    keys = {(removal.path, removal.kind, removal.detail) for removal in done}
    plain = {(removal.path, removal.kind) for removal in done if removal.kind in ("link", "build-output")}
    gone = [
        entry
        for entry in read_ledger(store.state)
        if ((os.fspath(entry.path), entry.kind, entry.text) in keys or (os.fspath(entry.path), entry.kind) in plain)
        and not (entry.kind in ("folder", "store-folder") and entry.path.exists())
    ]
    with contextlib.suppress(DiskFullError):  # an entry for what is gone does no harm
        forget_entries(store.state, gone)
