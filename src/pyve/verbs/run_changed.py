"""What `pyve run` does when a file, a variable or the environment itself is not as it was.

The answer is the one that `pyve status` gives: files that ask for the environment in use settle it, however they read.
"""

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.backends import backend_named
from pyve.environments.choices import read_choices
from pyve.environments.current import Current, encode, read_fields, stat_signature
from pyve.environments.inputs import Approval, Digests, approve, changed_variables
from pyve.environments.pointing import Pointing, list_entry_fields, point
from pyve.environments.record import EnvironmentRecord, read_record
from pyve.environments.state import ProjectState
from pyve.environments.store import EnvironmentStore
from pyve.errors import PyveError, RunFailedError
from pyve.project.manifest import WATCHED_NAMES
from pyve.system.file_lock import try_lock
from pyve.system.files import write_atomically
from pyve.verbs.demand import approval_of, find_approval, read_demand, read_variables
from pyve.verbs.entry_renewal import find_renewal, has_entry_changed, renew_current
from pyve.verbs.project_refresh import needs_refresh
from pyve.verbs.situation import read_situation, store_of


def settle_change(
    current: Current,
    *,
    root: str,
    folder: str,
    strict: bool,
    environment: Mapping[str, str],
    may_run_scripts: bool = True,
) -> tuple[Current, str]:
    """The environment to run in, and a sentence for stderr when it is not the one the files ask for.

    Files whose digests are as recorded or approved, or that ask for the very environment in use, settle it without a
    word, and the next run is light again. Where the scripts by which conda packages act on entering have changed, they
    are run, unless a prompt waits (`may_run_scripts`). Raises RunFailedError when the environment cannot run, and with
    `strict` when it is not what the files ask for.
    """
    change = _Change(
        current=current,
        state=ProjectState(root=Path(root), directory=Path(folder)),
        digests=Digests(Path(root)),
        environment=environment,
    )
    record = change.record_in_use()
    changed = change.names()
    approval, notice = change.ask_files(changed) if changed else (None, "")
    is_in_use = approval is None or approval.directory == record.directory
    if approval is not None and not is_in_use:
        record = change.record_named(Path(approval.directory).name)
        current = _current_of(record, name=approval.name)
    damage = backend_named(record.backend).diagnose(record, start_nothing=True)
    if damage is not None:
        if not damage.runs:
            raise RunFailedError(f"The environment {record.directory} cannot run: {damage.reason}.", hint="pyve sync")
        notice = f"the environment is not as it was built: {damage.reason}; to heal it: pyve sync"
    record, current, unrenewed = change.renew(record, current, may_run_scripts=may_run_scripts)
    notice = notice or unrenewed
    if notice and strict:
        raise RunFailedError(f"Not run, as --strict asks: {notice}.", hint="pyve sync")
    if not notice and is_in_use:
        replace(change, current=current).remember(record, approval)
    return current, notice


@dataclass(frozen=True, kw_only=True)
class _Change:
    """What is in use, and the means to find out what has become of it."""

    current: Current
    state: ProjectState
    digests: Digests
    environment: Mapping[str, str]

    def names(self) -> list[str]:
        """What is not as it was: files by their digests, and variables."""
        files = [name for _, digest, name in self.current.watched() if self.digests.of(name) != digest]
        return [*files, *changed_variables(self.current, self.environment)]

    def ask_files(self, changed: list[str]) -> tuple[Approval | None, str]:
        """The approval that holds for the files as they are, or why the environment is not what they ask for."""
        try:
            approval, missing = self._find_approval()
        except PyveError as error:
            cause = error.message.partition("\n")[0].rstrip(".")
            return None, f"{', '.join(changed)} changed, and what is asked for cannot be read: {cause}"
        if approval is None:
            return None, f"{missing} ({', '.join(changed)} changed): pyve sync"
        return approval, ""

    def _find_approval(self) -> tuple[Approval | None, str]:
        situation = read_situation(directory=self.state.root, environment=self.environment)
        choices = read_choices(self.state.choices_file)
        known = find_approval(situation, self.state, choices, self.digests)
        record = store_of(situation, self.state).record_named(Path(known.directory).name) if known else None
        if known is not None and record is not None and known.own_metadata == record.own_metadata:
            return known, ""
        self.digests.of_all(WATCHED_NAMES)  # before they are parsed, so that no later edit hides
        demand = read_demand(situation, self.state.root, choices)
        if demand.fingerprint != self.current.first("fingerprint"):
            return None, "environment is out of date"
        in_use = self.record_in_use()
        if needs_refresh(demand, in_use):
            return None, "how the project itself is installed is out of date"
        approval = approval_of(demand, self.digests, directory=in_use.directory, situation=situation, choices=choices)
        return approval, ""

    def record_in_use(self) -> EnvironmentRecord:
        """The record of the environment in use; raises RunFailedError when there is none that can be read."""
        return self.record_named(self.current.first("key"))

    def record_named(self, key: str) -> EnvironmentRecord:
        """The record called `key`; raises RunFailedError when there is none that can be read."""
        try:
            return read_record(self.state.records / f"{key}.json")
        except FileNotFoundError:
            raise RunFailedError(f"The environment {key} is not there any more.", hint="pyve sync") from None
        except PyveError as error:
            raise RunFailedError(error.message, hint=error.hint) from error

    def renew(
        self, record: EnvironmentRecord, current: Current, *, may_run_scripts: bool
    ) -> tuple[EnvironmentRecord, Current, str]:
        """The record and `current` with what entering does now, and a sentence where that could not be found."""
        try:
            if not may_run_scripts:
                told = "what its packages do on entering has changed; to find it out: pyve sync"
                return record, current, told if has_entry_changed(self.state, record) else ""
            renewal = find_renewal(self.state, record, self.environment)
            if renewal is None:
                return record, current, ""
            if current is not self.current:
                return renewal.record, _current_of(renewal.record, name=current.first("name")), ""
            renewed, _ = renew_current(self.state, current, renewal, self.environment)
        except (OSError, PyveError) as error:
            return record, current, f"what its packages do on entering could not be found out ({error}): pyve sync"
        return renewal.record, renewed, ""

    def remember(self, record: EnvironmentRecord, approval: Approval | None) -> None:
        """Note what was found to be settled, and the new times of files (a checkout, a first import), for the next run.

        Left undone while another pyve changes the state, and where it cannot be written.
        """
        with contextlib.suppress(OSError, PyveError), try_lock(self.state.lock_file) as held:
            path = self.state.current_file
            if held is None or read_fields(os.fspath(path)) != self.current.fields:
                return
            if approval is None:
                write_atomically(path, encode([(key, self._renewed(key, value)) for key, value in self.current.fields]))
                return
            approve(self.state.approved_file, approval, records=self.state.records)
            backend = backend_named(record.backend)
            watched = {name: (self.digests.signature_of(name), digest) for name, digest in approval.digests.items()}
            point(
                EnvironmentStore(state=self.state, folder=Path(record.directory).parent),
                Pointing(
                    record=record,
                    name=approval.name,
                    prompt=approval.prompt,
                    changes=backend.changes_on_entry(record, name=approval.name),
                    watched=watched,
                    sentinels=backend.sentinels(record),
                    variables=read_variables(self.environment),
                ),
            )

    def _renewed(self, key: str, value: str) -> str:
        if key == "watch":
            _, digest, name = value.split(" ", 2)
            return f"{self.digests.signature_of(name)} {digest} {name}"
        if key == "sentinel":
            path = value.partition(" ")[2]
            return f"{stat_signature(path)} {path}"
        if key == "record-size":
            record = self.state.records / f"{self.current.first('key')}.json"
            return stat_signature(os.fspath(record)).partition(":")[0]
        return value


def _current_of(record: EnvironmentRecord, *, name: str) -> Current:
    """What `current` would say of another environment, as far as running in it asks for it."""
    changes = backend_named(record.backend).changes_on_entry(record, name=name)
    return Current(
        [
            ("key", record.key),
            ("directory", record.directory),
            ("name", name),
            *list_entry_fields(changes),
        ]
    )
