"""How an environment comes to be and goes: a new directory for every build, its record last; removal the other way.

A mark under `builds/` says that a directory is pyve's and not finished. It is written before the directory is made
and taken away after the record is written, or after the last file is deleted, so that whatever is interrupted can be
told from what somebody else put there, and swept.
"""

import contextlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pyve.environments.kept_scripts import keep_scripts, remove_kept_scripts
from pyve.environments.record import EnvironmentRecord, write_record
from pyve.environments.store import EnvironmentStore
from pyve.errors import DiskFullError
from pyve.system.file_lock import hold_lock, try_lock
from pyve.system.files import make_private_directory, remove_tree, tell_disk_errors, write_atomically

_WRITE_ENDED_SECONDS = 3600  # no write of a small file takes longer


@contextlib.contextmanager
def hold_build_lock(
    store: EnvironmentStore, fingerprint: str, *, on_wait: Callable[[], None] = lambda: None
) -> Iterator[int]:
    """Hold the lock of one fingerprint and yield its descriptor, for the installer's processes to inherit."""
    make_private_directory(store.state.locks)
    with hold_lock(store.state.locks / fingerprint[:16], on_wait=on_wait) as descriptor:
        yield descriptor


@contextlib.contextmanager
def new_directory(store: EnvironmentStore, fingerprint: str) -> Iterator[Path]:
    """Yield the path of a new environment, absent yet; the caller, who holds the build lock, builds and commits it.

    When the block ends without a record, what was built is removed.
    """
    key = f"{fingerprint[:8]}-{secrets.token_hex(4)}"
    directory = store.folder / key
    _mark(store, key, fingerprint)
    try:
        yield directory
    finally:
        if not store.record_file(key).exists():
            remove_tree(directory, inside=store.folder)
            remove_kept_scripts(store.state, key)
        _unmark(store, key)


@contextlib.contextmanager
def work_directory(store: EnvironmentStore, key: str) -> Iterator[Path]:
    """Yield a private, empty directory for what fills the environment called `key`; whoever sweeps that, sweeps it."""
    _remove_work(store, key)
    make_private_directory(store.state.work / key)
    try:
        yield store.state.work / key
    finally:
        _remove_work(store, key)


def commit_record(store: EnvironmentStore, record: EnvironmentRecord) -> None:
    """Make the environment one: its record is written last, after copies of what shells source on entering it."""
    with tell_disk_errors(store.state.records):
        keep_scripts(store.state, record)
        write_record(store.record_file(record.key), record)


def remove_environment(store: EnvironmentStore, key: str, *, fingerprint: str) -> None:
    """Delete the environment called `key`, record first; interrupted, the next sweep ends it. Works on a full disk."""
    record, mark = store.record_file(key), store.state.builds / key
    try:
        _mark(store, key, fingerprint)
    except DiskFullError:
        # No room for a mark: the record, in its place, is one. Where even that fails, what is left of an
        # interrupted deletion would be taken for foreign, which is better than a disk that stays full.
        with contextlib.suppress(OSError):
            os.replace(record, mark)
    with contextlib.suppress(FileNotFoundError):
        record.unlink()
    remove_tree(store.folder / key, inside=store.folder)
    _remove_work(store, key)
    remove_kept_scripts(store.state, key)
    _unmark(store, key)


def unfinished(store: EnvironmentStore) -> list[tuple[str, str]]:
    """The (key, fingerprint) of every mark: builds begun or removals not ended, perhaps under way right now."""
    try:
        marks = sorted(path for path in store.state.builds.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return []
    found = []
    for mark in marks:
        with contextlib.suppress(FileNotFoundError):
            found.append((mark.name, _fingerprint_of(mark)))
    return found


def _fingerprint_of(mark: Path) -> str:
    """What a mark says; a record that a removal on a full disk has made a mark says it among other things."""
    text = mark.read_text("utf-8", "replace")
    if not text.startswith("{"):
        return text
    try:
        return str(json.loads(text)["fingerprint"])
    except (ValueError, KeyError):
        return mark.name  # nobody's lock, as for a damaged record


def sweep_unfinished(store: EnvironmentStore, *, held: str | None = None) -> list[str]:
    """Delete what interrupted builds left, unless one is still under way; return the names of what was deleted.

    `held` is the fingerprint whose lock the caller holds. Whether a build is under way is asked of its lock, which its
    processes hold even after their parent was killed.
    """
    _sweep_old_writes(store)
    swept = []
    for key, fingerprint in unfinished(store):
        if fingerprint == held:
            swept += _sweep(store, key)
            continue
        with try_lock(store.state.locks / fingerprint[:16]) as descriptor:
            if descriptor is not None:
                swept += _sweep(store, key)
    return swept


def _sweep_old_writes(store: EnvironmentStore) -> None:
    """Delete the new files and links that killed writes never gave their names; young ones may be under way."""
    folders = (store.workshop, store.state.directory, store.state.records, store.state.builds)
    remnants = [path for folder in folders for kind in (".new-*", ".link-*") for path in folder.glob(kind)]
    for path in remnants:
        with contextlib.suppress(OSError):
            if time.time() - path.lstat().st_mtime > _WRITE_ENDED_SECONDS:
                path.unlink()


def _sweep(store: EnvironmentStore, key: str) -> list[str]:
    _remove_work(store, key)
    if store.record_file(key).exists():
        _unmark(store, key)
        return []
    remove_tree(store.folder / key, inside=store.folder)
    remove_kept_scripts(store.state, key)
    _unmark(store, key)
    return [key]


def _remove_work(store: EnvironmentStore, key: str) -> None:
    remove_tree(store.state.work / key, inside=store.state.directory)


def _mark(store: EnvironmentStore, key: str, fingerprint: str) -> None:
    make_private_directory(store.state.builds)
    write_atomically(store.state.builds / key, fingerprint.encode())


def _unmark(store: EnvironmentStore, key: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        (store.state.builds / key).unlink()
