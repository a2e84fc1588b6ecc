"""The state of one project, examined: every file of it that others rely on can be understood by this pyve."""

import os
import shlex
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from pyve.cleanup.ledger import is_ledger_whole
from pyve.environments.choices import Choices, read_choices
from pyve.environments.current import read_fields, require_private
from pyve.environments.record import read_record
from pyve.environments.state import ProjectState
from pyve.errors import OwnerMismatchError, PyveError, StateTooNewError
from pyve.verbs.checks.findings import Finding, found


def examine_state(state: ProjectState) -> Iterator[Finding]:
    """Read each file of the state; one that cannot be understood is named with what to do about it."""
    try:
        require_private(str(state.directory))
    except OwnerMismatchError as error:
        hint = f"chmod 700 {shlex.quote(str(state.directory))}"
        yield found("state-directory-unsafe", error.message, hint=hint, cause=error.code)
    for file, read in _readers(state):
        yield from _examine_file(file, read)
    yield from _examine_ledger_file(state)
    for file in sorted(state.records.glob("*.json")):
        yield from _examine_file(file, partial(read_record, file), damaged="record-damaged")


def choices_of(state: ProjectState) -> Choices:
    """The project's choices; none where their file cannot be understood."""
    try:
        return read_choices(state.choices_file)
    except PyveError:
        return Choices()


def _readers(state: ProjectState) -> list[tuple[Path, Callable[[], object]]]:
    pointers = (state.current_file, state.previous_file, state.approved_file)
    return [
        *((file, partial(read_fields, os.fspath(file))) for file in pointers),
        (state.choices_file, partial(read_choices, state.choices_file)),
    ]


def _examine_ledger_file(state: ProjectState) -> Iterator[Finding]:
    """A ledger that is lost, or lines of it: the next sync writes it anew, as far as things can be recognised."""
    try:
        whole = is_ledger_whole(state)
    except StateTooNewError as error:
        yield found("state-too-new", error.message, hint=str(error.hint), cause=error.code)
        return
    if not whole:
        how = "has lines that cannot be understood" if state.ledger_file.exists() else "is gone"
        message = f"{state.ledger_file}, which says what pyve made in the project, {how}."
        yield found("state-damaged", message, hint="pyve sync  # writes it anew, of what it recognises")


def _examine_file(file: Path, read: Callable[[], object], *, damaged: str = "state-damaged") -> Iterator[Finding]:
    try:
        read()
    except StateTooNewError as error:
        yield found("state-too-new", error.message, hint=str(error.hint), cause=error.code)
    except (PyveError, UnicodeDecodeError, KeyError) as error:
        quoted = shlex.quote(str(file))
        cause = error.code if isinstance(error, PyveError) else None
        message = f"{file} cannot be understood."
        yield found(damaged, message, hint=f"mv {quoted} {quoted}.damaged && pyve sync", cause=cause)
