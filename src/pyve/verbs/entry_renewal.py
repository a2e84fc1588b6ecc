"""What entering a conda environment does, found anew when its scripts or variables are not as they were recorded."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.backends import backend_named
from pyve.environments.construction import commit_record
from pyve.environments.current import Current, encode, read_fields, stat_signature
from pyve.environments.kept_scripts import add_kept_scripts, has_kept_scripts
from pyve.environments.pointing import replace_entry
from pyve.environments.record import COPY_NAME, EnvironmentRecord, write_record
from pyve.environments.state import ProjectState
from pyve.environments.store import EnvironmentStore
from pyve.system.file_lock import try_lock
from pyve.system.files import make_private_directory, write_atomically


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """The record with what entering does now, of the same key, and sentences about it for a person."""

    record: EnvironmentRecord
    notes: tuple[str, ...]


def has_entry_changed(state: ProjectState, record: EnvironmentRecord) -> bool:
    """Whether the scripts or variables of the prefix are not those of the record; never for other backends."""
    facts = record.conda_facts
    if facts is None:
        return False
    from pyve.environments.conda_entry import read_prefix_variables
    from pyve.environments.prefix_scripts import digest_scripts

    prefix = Path(record.directory)
    return (
        digest_scripts(prefix) != facts.scripts.digest
        or read_prefix_variables(prefix)[0] != facts.variables
        or not has_kept_scripts(state, record)
    )


def find_renewal(state: ProjectState, record: EnvironmentRecord, environment: Mapping[str, str]) -> Renewal | None:
    """What entering does now, where that has changed: scripts are run, nothing is written.

    Never called for a prompt. Raises the errors of writing the work directory, and StateDamagedError.
    """
    facts = record.conda_facts
    if facts is None or not has_entry_changed(state, record):
        return None
    from pyve.engines.conda.activation_scripts.trial import run_scripts_once
    from pyve.environments.conda_entry import read_prefix_variables

    variables, left_out = read_prefix_variables(Path(record.directory))
    make_private_directory(state.work)
    with tempfile.TemporaryDirectory(dir=state.work, ignore_cleanup_errors=True) as work:
        scripts, told = run_scripts_once(
            Path(record.directory), variables, environment=environment, work_directory=Path(work)
        )
    renewed = replace(facts, variables=variables, scripts=scripts)
    return Renewal(record=replace(record, conda=renewed.as_json()), notes=(*left_out, *told))


def renew_entry(
    store: EnvironmentStore, record: EnvironmentRecord, *, environment: Mapping[str, str]
) -> Renewal | None:
    """Find what entering does now and record it, None where nothing has changed; who calls points to the record then.

    Raises the errors of writing, and StateDamagedError.
    """
    renewal = find_renewal(store.state, record, environment)
    if renewal is not None:
        _commit(store, renewal.record)
    return renewal


def renew_current(
    state: ProjectState, current: Current, renewal: Renewal, environment: Mapping[str, str]
) -> tuple[Current, bool]:
    """What `current` says after the renewal of its environment, and whether that was written down for the next run.

    It is not while another pyve changes the state. Raises the errors of writing.
    """
    from pyve.verbs.publish import publish_snippets  # what a run does without, as long as nothing has changed
    from pyve.verbs.situation import read_situation

    record = renewal.record
    store = EnvironmentStore(state=state, folder=Path(record.directory).parent)
    changes = backend_named(record.backend).changes_on_entry(record, name=current.first("name"))
    with try_lock(state.lock_file) as held:
        if held is None or read_fields(os.fspath(state.current_file)) != current.fields:
            return Current(replace_entry(current.fields, changes)), False
        _commit(store, record)
        kept = add_kept_scripts(changes, state, record.key) if changes.conda_prefix else changes
        sentinels = backend_named(record.backend).sentinels(record)
        fields = [field for field in current.fields if field[0] not in ("record-size", "sentinel")]
        size = stat_signature(os.fspath(store.record_file(record.key))).partition(":")[0]
        fields += [("record-size", size), *(("sentinel", f"{stat_signature(path)} {path}") for path in sentinels)]
        renewed = replace_entry(fields, kept)
        write_atomically(state.current_file, encode(renewed))
        publish_snippets(read_situation(directory=state.root, environment=environment), state)
    return Current(renewed), True


def _commit(store: EnvironmentStore, record: EnvironmentRecord) -> None:
    write_record(Path(record.directory) / COPY_NAME, record)
    commit_record(store, record)
