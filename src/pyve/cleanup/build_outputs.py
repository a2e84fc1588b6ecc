"""The *.egg-info directories that editable builds leave in a project: told from those that were there before."""

import json
import os
from pathlib import Path

from pyve.cleanup.egg_info import find_outputs
from pyve.cleanup.footprint import Addition
from pyve.cleanup.git_exclude import exclude_from_git
from pyve.cleanup.ignore_lines import add_lines
from pyve.cleanup.ledger import LedgerEntry, add_entries, forget_entries, read_ledger
from pyve.environments.state import ProjectState
from pyve.environments.store import EnvironmentStore
from pyve.errors import PyveError


def expect_build_outputs(store: EnvironmentStore) -> None:
    """Remember, before an editable build, which *.egg-info directories are there. The caller holds the project's lock.

    A watch that is still open, since its build was killed, stays as it is: it knows better what was there before.
    """
    state = store.state
    if _open_watches(state):
        return
    before = [os.fspath(path.relative_to(state.root)) for path in find_outputs(state.root)]
    add_entries(state, [LedgerEntry(kind="build-watch", path=store.workshop, text=json.dumps(before))])


def claim_build_outputs(store: EnvironmentStore) -> tuple[Addition, ...]:
    """Put the *.egg-info directories that came since expect_build_outputs into the ledger and the exclude file.

    For a build that failed as well; what a killed build left is found by the next claim. Lock held.
    """
    state = store.state
    watches = _open_watches(state)
    claimed = []
    for path in unclaimed_outputs(state):
        claimed.append(Addition(entry=LedgerEntry(kind="build-output", path=path), reason="left by the editable build"))
        line, _ = exclude_from_git(store, path, is_directory=True)
        if line is not None:
            claimed.append(Addition(entry=line, reason="keeps git status clean"))
    add_entries(state, [addition.entry for addition in claimed])
    for addition in claimed:
        if addition.entry.kind == "exclude-line":
            try:
                add_lines(addition.entry.path, [addition.entry.text])
            except PyveError:
                continue  # git status shows it then; nothing else comes of it
    forget_entries(state, watches)
    return tuple(claimed)


def unclaimed_outputs(state: ProjectState) -> list[Path]:
    """What came since a watch was opened that nobody has closed yet."""
    watches = _open_watches(state)
    if not watches:
        return []
    before = _names_before(watches)
    return [path for path in find_outputs(state.root) if os.fspath(path.relative_to(state.root)) not in before]


def _open_watches(state: ProjectState) -> list[LedgerEntry]:
    return [entry for entry in read_ledger(state) if entry.kind == "build-watch"]


def _names_before(watches: list[LedgerEntry]) -> set[str]:
    return {str(name) for watch in watches for name in json.loads(watch.text)}
