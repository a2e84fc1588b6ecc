"""What installing or removing a hook changes: decided first, shown, then done as it was shown."""

import contextlib
import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pyve.activation.completion.files import read_completion_file
from pyve.activation.completion.loading import completion_copy
from pyve.activation.dialects.dialect import Dialect
from pyve.activation.startup.file import (
    find_damage,
    hook_file,
    lines_of_ours,
    put_line_in,
    render_sourcing_line,
    take_lines_out,
)
from pyve.activation.startup.installed_hooks import render_installed_hook
from pyve.activation.startup.ledger import StartupEntry, forget_entries, note_entry, read_startup_ledger
from pyve.activation.startup.target import StartupTarget, examine_startup_file
from pyve.errors import PyveError, RefusedError
from pyve.system.files import make_private_directory, tell_disk_errors, write_atomically


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """One file: `real` goes from `before` to `after`, where None means that there is none.

    `file` is what the user calls it; `added` and `removed` are the lines that differ, none where it is pyve's own.
    """

    file: Path
    real: Path
    before: bytes | None
    after: bytes | None
    mode: int = 0o600
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def action(self) -> Literal["create", "edit", "remove"]:
        """What happens to the file."""
        return "create" if self.before is None else "remove" if self.after is None else "edit"


@dataclass(frozen=True, kw_only=True)
class HookPlan:
    """Done in this order: `note` goes into the ledger, the changes, empty `directories` go, `forget` goes out of it.

    `problems` are startup files that have to be left as they are, each with its reason.
    """

    changes: tuple[FileChange, ...]
    note: StartupEntry | None = None
    forget: tuple[StartupEntry, ...] = ()
    directories: tuple[Path, ...] = ()
    problems: tuple[PyveError, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything is as it should be."""
        return not self.changes and self.note is None and not self.forget


def plan_installation(dialect: Dialect, file: Path, *, state_directory: str, command: Sequence[str]) -> HookPlan:
    """Decide how the startup file `file` comes to load the hook; no changes where it does already.

    Raises RefusedError, OwnerMismatchError, PathNotWritableError and PathUnsupportedError.
    """
    hook = hook_file(state_directory, dialect)
    line = render_sourcing_line(dialect, hook)
    target = examine_startup_file(file, by_hand=f"add this line to it yourself: {os.fsdecode(line)}")
    damage = find_damage(target.content or b"", file, then=f"pyve hook --install {dialect.name}")
    if damage is not None:
        raise damage
    text = render_installed_hook(dialect, state_directory=state_directory, command=command)
    after = put_line_in(target.content or b"", dialect, line)
    copy = completion_copy(state_directory, dialect)
    own = [_own_change(hook, text), _own_change(copy, read_completion_file(dialect.name))]
    changes = [*own, _change(target, after, dialect)]
    known = {entry.file: entry for entry in read_startup_ledger(state_directory) if entry.shell == dialect.name}
    old = known.get(file)
    made = tuple(place for place in target.real.parents if not place.exists())
    entry = StartupEntry(
        shell=dialect.name,
        file=file,
        command=tuple(command),
        created=target.content is None or (old is not None and old.created),
        directories=made or (old.directories if old is not None else ()),
    )
    return HookPlan(
        changes=tuple(change for change in changes if change.before != change.after),
        note=None if entry == old else entry,
    )


def plan_removal(dialects: Mapping[Dialect, Iterable[Path]], *, state_directory: str) -> HookPlan:
    """Decide what goes of the hooks of `dialects`: from the files the ledger knows, and from those that are given.

    Where one of them is damaged, nothing of that dialect goes.
    """
    changes: list[FileChange] = []
    forget: list[StartupEntry] = []
    directories: list[Path] = []
    problems: list[PyveError] = []
    ledger = read_startup_ledger(state_directory)
    for dialect, usual in dialects.items():
        entries = {entry.file: entry for entry in ledger if entry.shell == dialect.name}
        files = tuple(dict.fromkeys([*entries, *usual]))
        damages = _find_damages(dialect, files)
        problems += damages
        if damages:
            continue
        for file in files:
            entry = entries.get(file)
            try:
                change = _plan_taking_out(dialect, file, created=entry is not None and entry.created)
            except PyveError as error:
                problems.append(error)
                continue
            changes += [change] if change is not None else []
            forget += [entry] if entry is not None else []
            directories += entry.directories if entry is not None else ()
        copy = completion_copy(state_directory, dialect)
        for own in (hook_file(state_directory, dialect), copy):
            if own.is_file():
                changes.append(_own_change(own, None))
        directories.append(copy.parent)
    return HookPlan(
        changes=tuple(changes),
        forget=tuple(forget),
        directories=tuple(sorted(set(directories), key=lambda path: -len(path.parts))),
        problems=tuple(problems),
    )


def apply_plan(plan: HookPlan, *, state_directory: str) -> None:
    """Do it. Raises RefusedError where a file is not as it was when the plan was made, and the errors of writing."""
    for change in plan.changes:
        if _read(change.real) != change.before:
            raise RefusedError(f"{change.file} was changed just now by something else.", hint="run the same again")
    if plan.note is not None:
        note_entry(state_directory, plan.note)
    for change in plan.changes:
        with tell_disk_errors(change.real):
            if change.after is None:
                change.real.unlink(missing_ok=True)
                continue
            if change.real.parent == Path(state_directory):
                make_private_directory(change.real.parent)
            change.real.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(change.real, change.after, mode=change.mode)
    for directory in plan.directories:
        with contextlib.suppress(OSError):  # something else is in it now
            directory.rmdir()
    if plan.forget:
        forget_entries(state_directory, plan.forget)


def _find_damages(dialect: Dialect, files: Iterable[Path]) -> list[RefusedError]:
    then = f"pyve hook --uninstall {dialect.name}"
    found = (find_damage(_read(Path(os.path.realpath(file))) or b"", file, then=then) for file in files)
    return [damage for damage in found if damage is not None]


def _plan_taking_out(dialect: Dialect, file: Path, *, created: bool) -> FileChange | None:
    """None where nothing of ours is in the file, whatever else is the matter with it."""
    content = _read(Path(os.path.realpath(file)))
    if content is None or not lines_of_ours(content, dialect):
        return None
    target = examine_startup_file(file, by_hand="take the lines between the marks of pyve out yourself")
    after = take_lines_out(target.content or b"", dialect)
    return _change(target, None if created and not after else after, dialect)


def _change(target: StartupTarget, after: bytes | None, dialect: Dialect) -> FileChange:
    old = lines_of_ours(target.content or b"", dialect)
    new = lines_of_ours(after or b"", dialect)
    return FileChange(
        file=target.file,
        real=target.real,
        before=target.content,
        after=after,
        mode=target.mode,
        added=tuple(os.fsdecode(line) for line in new if line not in old),
        removed=tuple(os.fsdecode(line) for line in old if line not in new),
    )


def _own_change(file: Path, after: bytes | None) -> FileChange:
    """The change of a file in the state directory."""
    if file.exists() and not file.is_file():
        raise RefusedError(
            f"{file} is no plain file; pyve keeps its own there.",
            hint=f"mv {shlex.quote(str(file))} {shlex.quote(f'{file}.before-pyve')}",
        )
    return FileChange(file=file, real=file, before=_read(file), after=after)


def _read(path: Path) -> bytes | None:
    """The content of a plain file, None for anything else."""
    if not path.is_file():
        return None
    with tell_disk_errors(path):
        return path.read_bytes()
