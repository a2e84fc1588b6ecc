"""Which environments that are there already could serve a declaration."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pyve.backends import backend_named
from pyve.environments.conda_facts import ScriptFacts
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

    Nothing of it is run: whoever may adopt it diagnoses it first. What entering does is not believed but found anew.
    """
    for record in _foreign_records(store):
        here = Path(record.directory).parent == store.folder
        if record.fingerprint == fingerprint and here and _stays_inside(record):
            try:
                return _forget_entry(record)
            except PyveError:
                continue
    return None


def _stays_inside(record: EnvironmentRecord) -> bool:
    paths = [record.site_packages]
    if record.backend != "venv":  # where it is the interpreter that the environment was made from, which is not run
        paths.append(record.python_executable)
    return all(Path(path).is_relative_to(record.directory) and ".." not in Path(path).parts for path in paths if path)


def _forget_entry(record: EnvironmentRecord) -> EnvironmentRecord:
    facts = record.conda_facts
    if facts is None:
        return record
    unseen = ScriptFacts(digest="not seen here")
    return replace(record, conda=replace(facts, variables={}, scripts=unseen).as_json())


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
