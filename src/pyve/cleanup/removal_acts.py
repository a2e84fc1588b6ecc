"""How each kind of thing is taken away: one act each, that looks once more before it deletes.

An act raises PyveError or OSError where the thing is not what the plan says any more; a thing that is gone is fine.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from pyve.cleanup.claims import KEY, claim_link
from pyve.cleanup.environment_removals import BUILD_UNDER_WAY, is_build_under_way, known_environments, stores_of
from pyve.cleanup.ignore_lines import take_lines
from pyve.cleanup.ledger import LedgerEntry
from pyve.cleanup.recognition import ledger_of
from pyve.cleanup.removal_plan import Removal
from pyve.environments.construction import remove_environment, unfinished
from pyve.environments.current import mirror
from pyve.environments.snippet_places import remove_snippets
from pyve.environments.store import EnvironmentStore
from pyve.errors import RefusedError
from pyve.system.file_lock import try_lock
from pyve.system.files import digest_file, is_link, make_private_directory, remove_tree
from pyve.system.links import remove_link


def _remove_environment(store: EnvironmentStore, removal: Removal) -> None:
    path = Path(removal.path)
    place = next((part for part in stores_of(store) if part.folder == path.parent), None)
    if place is None or not KEY.fullmatch(path.name) or is_link(store.workshop) or is_link(path.parent):
        raise RefusedError(f"{path} is not where pyve keeps environments; it is not deleted.")
    known = store.record_file(path.name).exists() or (store.state.builds / path.name).exists()
    if not known and path.exists():
        raise RefusedError(f"{path} is not known to the state any more; it is not deleted.")
    fingerprint = removal.detail or path.name  # a damaged record does not tell: the lock is nobody's then
    make_private_directory(store.state.locks)
    with try_lock(store.state.locks / fingerprint[:16]) as descriptor:
        if descriptor is None:
            raise RefusedError(BUILD_UNDER_WAY)
        remove_environment(place, path.name, fingerprint=fingerprint)


def _remove_unfinished(store: EnvironmentStore, removal: Removal) -> None:
    if store.record_file(Path(removal.path).name).exists():
        raise RefusedError("it has been finished in the meantime")
    _remove_environment(store, removal)


def _remove_link(store: EnvironmentStore, removal: Removal) -> None:
    link = Path(removal.path)
    claims = [claim_link(part, link) for part in stores_of(store)]
    if "ours" in claims:
        remove_link(link)
    elif "foreign" in claims:
        raise RefusedError("it does not lead to an environment of pyve any more")


def _remove_remnant(store: EnvironmentStore, removal: Removal) -> None:
    path = Path(removal.path)
    if path.parent != store.workshop or is_link(store.workshop):
        raise RefusedError("it is not in the project's .pyve")
    if is_link(path):
        remove_link(path)
    else:
        path.unlink(missing_ok=True)


def _move_back(store: EnvironmentStore, removal: Removal) -> None:
    path = Path(removal.path)
    aside = store.state.root / removal.detail
    if not aside.exists() and not is_link(aside):
        return
    if path.exists() or is_link(path):
        raise RefusedError(f"{path} exists, so {aside.name} does not get its name back")
    aside.rename(path)


def _remove_output(store: EnvironmentStore, removal: Removal) -> None:
    path = Path(removal.path)
    if path.suffix != ".egg-info":
        raise RefusedError(f"{path} is not what a build leaves")
    remove_tree(path, inside=store.state.root)


def _take_line(store: EnvironmentStore, removal: Removal) -> None:
    file = Path(removal.path)
    kind: Literal["block", "exclude-line"] = "block" if removal.kind == "block" else "exclude-line"
    wanted = LedgerEntry(kind=kind, path=file, text=removal.detail, created=removal.created)
    if wanted not in ledger_of(store):
        raise RefusedError("the ledger does not have this line any more")
    take_lines(file, [removal.detail], created=removal.created)


def _remove_file(store: EnvironmentStore, removal: Removal) -> None:
    path = Path(removal.path)
    if path.parent != store.workshop or is_link(store.workshop) or is_link(path):
        raise RefusedError("it is not a file in the project's .pyve any more")
    if removal.detail and digest_file(path) not in (removal.detail, "-"):
        raise RefusedError("it has changed since pyve wrote it")
    path.unlink(missing_ok=True)


def _remove_program(store: EnvironmentStore, removal: Removal) -> None:
    """The program and the folders made for it, as far as nothing else is in them."""
    path = Path(removal.path)
    folders = [path.parent, path.parent.parent]
    if folders[-1].parent != store.workshop or any(map(is_link, (path, *folders, store.workshop))):
        raise RefusedError("it is not a program in the project's .pyve any more")
    if digest_file(path) not in (removal.detail, "-"):
        raise RefusedError("it has changed since pyve fetched it")
    path.unlink(missing_ok=True)
    for folder in folders:
        _remove_if_empty(folder)


def _remove_folder(store: EnvironmentStore, removal: Removal) -> None:
    """Only an empty one: what is left in it is not pyve's, which is fine."""
    path = Path(removal.path)
    if is_link(path) or not path.is_relative_to(store.workshop):
        raise RefusedError("it is not a directory of pyve any more")
    _remove_if_empty(path)


def _remove_store_folder(store: EnvironmentStore, removal: Removal) -> None:
    """The folder elsewhere and the folders above it that mirror the project's path, as far as they are empty."""
    path = Path(removal.path)
    mirrored = len(store.state.root.parts)  # the folder's own name, and the project's path without its anchor
    for folder in [path, *path.parents][:mirrored]:
        if is_link(folder) or not _remove_if_empty(folder):
            break


def _remove_state(store: EnvironmentStore, removal: Removal) -> None:
    """The project's whole state; refused while it says anything that is still needed."""
    state = store.state
    if Path(removal.path) != state.directory:
        raise RefusedError(f"{removal.path} is not the state of {state.root}")
    if any(known.directory.is_dir() for part in stores_of(store) for known in known_environments(part)):
        raise RefusedError("an environment was built in the meantime")
    if any(is_build_under_way(state, fingerprint) for _, fingerprint in unfinished(store)):
        raise RefusedError("a build has begun in the meantime")
    remove_snippets(state)
    remove_tree(state.directory, inside=state.directory.parent)
    mirrored = len(Path(mirror("", os.fspath(state.root))).parts) - 1  # without `projects`, which stays
    for folder in list(state.directory.parents)[:mirrored]:
        if not _remove_if_empty(folder):
            break


def _remove_if_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


REMOVAL_ACTS: Mapping[str, Callable[[EnvironmentStore, Removal], None]] = {
    "environment": _remove_environment,
    "unfinished-build": _remove_unfinished,
    "remnant": _remove_remnant,
    "link": _remove_link,
    "moved-aside": _move_back,
    "build-output": _remove_output,
    "block": _take_line,
    "exclude-line": _take_line,
    "file": _remove_file,
    "folder": _remove_folder,
    "store-folder": _remove_store_folder,
    "program": _remove_program,
    "state": _remove_state,
}
