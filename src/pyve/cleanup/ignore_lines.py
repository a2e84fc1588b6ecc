"""Our lines in the marked block of an ignore file: put in, taken out, and asked who else needs them."""

import os
import stat
from collections.abc import Collection
from pathlib import Path

from pyve.cleanup.ledger import LedgerEntry, read_ledger
from pyve.environments.state import ProjectState, registered_projects
from pyve.errors import PyveError, RefusedError
from pyve.system.files import is_link, tell_disk_errors, write_atomically
from pyve.system.marked_block import block_lines, insert_lines, remove_lines


def add_lines(file: Path, lines: Collection[str]) -> None:
    """Put `lines` into the marked block of `file`, which is made when missing, its folder too.

    Raises RefusedError where `file` is a link or a directory, and the errors of writing.
    """
    _require_plain(file)
    with tell_disk_errors(file):
        file.parent.mkdir(exist_ok=True)
        before = read_bytes(file)
        after = insert_lines(before or b"", [os.fsencode(line) for line in lines])
        if after != before:
            write_atomically(file, after, mode=_mode(file))


def take_lines(file: Path, lines: Collection[str], *, created: bool) -> None:
    """Take `lines` out of the marked block of `file`; a file that pyve made goes when nothing is left in it."""
    _require_plain(file)
    before = read_bytes(file)
    if before is None:
        return
    after = remove_lines(before, [os.fsencode(line) for line in lines])
    if after == before:
        return
    with tell_disk_errors(file):
        if created and not after:
            file.unlink()
        else:
            write_atomically(file, after, mode=_mode(file))


def has_line(file: Path, line: str) -> bool:
    """Whether `line` stands in the marked block of `file`."""
    return os.fsencode(line) in block_lines(read_bytes(file) or b"")


def without_our_lines(content: bytes) -> bytes:
    """`content` as it is to everybody but pyve."""
    return remove_lines(content, block_lines(content))


def is_ours_alone(file: Path) -> bool:
    """Whether `file` is missing or holds nothing but our block, so that it may go with it."""
    content = read_bytes(file)
    return content is None or (content != b"" and without_our_lines(content) == b"")


def is_needed_elsewhere(entry: LedgerEntry, state: ProjectState, *, state_directory: str) -> bool:
    """Whether another registered project (of the same repository, a worktree say) has the same line in its ledger.

    A project whose directory is gone needs nothing.
    """
    for other in registered_projects(state_directory):
        if other.root == state.root or not other.root.is_dir():
            continue
        try:
            entries = read_ledger(other)
        except PyveError:
            return True  # not readable to this pyve: who knows
        if any((held.kind, held.path, held.text) == (entry.kind, entry.path, entry.text) for held in entries):
            return True
    return False


def read_bytes(file: Path) -> bytes | None:
    """The content of `file`, None when there is no such file; raises PathNotWritableError where it cannot be read."""
    with tell_disk_errors(file):
        try:
            return file.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (IsADirectoryError, PermissionError):  # the latter is what Windows says of a directory
            if not file.is_dir():
                raise
            return None


def _require_plain(file: Path) -> None:
    if is_link(file) or file.is_dir():
        raise RefusedError(f"{file} is a {'link' if is_link(file) else 'directory'}; pyve does not write there.")


def _mode(file: Path) -> int:
    try:
        return stat.S_IMODE(file.stat().st_mode)
    except FileNotFoundError:
        return 0o644
