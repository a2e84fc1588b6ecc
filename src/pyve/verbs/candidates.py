"""Which environments that are there already could serve a declaration."""

from collections.abc import Iterator
from pathlib import Path

from pyve.backends import backend_named
from pyve.environments.record import COPY_NAME, EnvironmentRecord, read_record
from pyve.environments.store import EnvironmentStore
from pyve.errors import PyveError


def find_sound(
    store: EnvironmentStore, fingerprint: str, before: EnvironmentRecord | None
) -> tuple[EnvironmentRecord | None, str]:
    """The environment of this fingerprint that can be used (the one in use first), or why none can."""
    reason = ""
    records = [record for record in store.records() if record.fingerprint == fingerprint]
    for record in sorted(records, key=lambda record: before is None or record.key != before.key):
        damage = backend_named(record.backend).diagnose(record)
        if damage is None:
            return record, ""
        reason = reason or f"the environment for this declaration cannot be used: {damage.reason}"
    return None, reason


def find_adoptable(store: EnvironmentStore, fingerprint: str) -> EnvironmentRecord | None:
    """An environment whose own record says that it is the wanted one, though this machine's state does not know it.

    Nothing of it is run: whoever may adopt it diagnoses it first.
    """
    for record in _foreign_records(store):
        inside = Path(record.site_packages)
        here = Path(record.directory).parent == store.folder and inside.is_relative_to(record.directory)
        if record.fingerprint == fingerprint and here and ".." not in inside.parts:
            return record
    return None


def tell_moved(store: EnvironmentStore) -> Iterator[str]:
    """A sentence for each environment that was made at another path: scripts in it lead there, so it is not used."""
    for directory in store.foreign_directories():
        record = _read_copy(directory)
        if record is not None and Path(record.directory) != directory:
            yield (
                f"This project was moved or copied from {record.project_root}: {directory} was made there, cannot run "
                "here and is left alone."
            )


def _foreign_records(store: EnvironmentStore) -> Iterator[EnvironmentRecord]:
    """The records of foreign environments that lie where they say."""
    for directory in store.foreign_directories():
        record = _read_copy(directory)
        if record is not None and Path(record.directory) == directory and not directory.is_symlink():
            yield record


def _read_copy(directory: Path) -> EnvironmentRecord | None:
    try:
        return read_record(directory / COPY_NAME)
    except (OSError, PyveError):
        return None
