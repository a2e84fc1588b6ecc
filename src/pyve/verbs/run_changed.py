"""What `pyve run` does when a watched file, or the environment itself, is not as it was."""

import contextlib
import os
from pathlib import Path

from pyve.backends import backend_named
from pyve.environments.current import Current, encode, read_fields, stat_signature
from pyve.environments.inputs import Approval, Digests, read_approvals
from pyve.environments.record import EnvironmentRecord, read_record
from pyve.errors import PyveError, RunFailedError
from pyve.system.file_lock import try_lock
from pyve.system.files import write_atomically


def settle_change(current: Current, *, root: str, folder: str, strict: bool) -> tuple[Current, str]:
    """The environment to run in, and a sentence for stderr when it is not the one the files ask for.

    Files whose digests are as recorded, or as approved for another environment, settle it without a word. Raises
    RunFailedError when the environment cannot run, and with `strict` when it is not what the files ask for.
    """
    digests = Digests(Path(root))
    changed = []
    for item in current.every("watch"):
        _, digest, name = item.split(" ", 2)
        if digests.of(name) != digest:
            changed.append(name)
    notice = ""
    if changed:
        known = _find_approved(current, digests, folder=folder)
        if known is None:
            notice = f"{', '.join(changed)} changed since the environment was built; to bring it up to date: pyve sync"
        else:
            current = known
    record = _read_record(current, folder)
    damage = backend_named(record.backend).diagnose(record, start_nothing=True)
    if damage is not None:
        if not damage.runs:
            raise RunFailedError(f"The environment {record.directory} cannot run: {damage.reason}.", hint="pyve sync")
        notice = f"the environment is not as it was built: {damage.reason}; to heal it: pyve sync"
    if notice and strict:
        raise RunFailedError(f"Not run, as --strict asks: {notice}.", hint="pyve sync")
    if not notice and not changed:
        _remember(current, digests, folder=folder)
    return current, notice


def _remember(current: Current, digests: Digests, *, folder: str) -> None:
    """Note the new times of files whose content is as it was (a checkout, a first import), for the next run's sake.

    Left undone while another pyve changes the state, and where it cannot be written.
    """
    with contextlib.suppress(OSError, PyveError), try_lock(Path(folder, "lock")) as held:
        path = os.path.join(folder, "current")
        if held is not None and read_fields(path) == current.fields:
            fields = [(key, _renewed(key, value, digests)) for key, value in current.fields]
            write_atomically(Path(path), encode(fields))


def _renewed(key: str, value: str, digests: Digests) -> str:
    if key == "watch":
        _, digest, name = value.split(" ", 2)
        return f"{digests.signature_of(name)} {digest} {name}"
    if key == "sentinel":
        path = value.partition(" ")[2]
        return f"{stat_signature(path)} {path}"
    return value


def _find_approved(current: Current, digests: Digests, *, folder: str) -> Current | None:
    """Another environment that was approved for the files as they are now."""
    approvals = read_approvals(Path(folder, "approved"))
    mine = [approval for approval in approvals if approval.directory == current.first("directory")]
    for approval in approvals:
        same_choices = any(approval.choices == own.choices for own in mine)
        if approval.whole and same_choices and digests.match(approval):
            return _current_of(approval, folder)
    return None


def _current_of(approval: Approval, folder: str) -> Current | None:
    key = os.path.basename(approval.directory)
    try:
        record = read_record(Path(folder, "records", f"{key}.json"))
    except (OSError, PyveError):
        return None
    changes = backend_named(record.backend).changes_on_entry(record, name=approval.name)
    return Current(
        [
            ("key", key),
            ("directory", record.directory),
            *(("set", f"{name}={value}") for name, value in changes.set.items()),
            *(("unset", name) for name in changes.unset),
            *(("prepend", entry) for entry in changes.prepend_path),
        ]
    )


def _read_record(current: Current, folder: str) -> EnvironmentRecord:
    try:
        return read_record(Path(folder, "records", current.first("key") + ".json"))
    except FileNotFoundError:
        raise RunFailedError(
            f"The environment {current.first('directory')} is not there any more.", hint="pyve sync"
        ) from None
