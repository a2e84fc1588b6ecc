"""Changes of a project's own files: made together, atomically each, or not at all."""

import contextlib
import errno
import os
import shlex
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyve.errors import PyveError, RefusedError
from pyve.errors.lock import LockChangedError
from pyve.project.manifest import unreadable
from pyve.system.files import open_plain_file, tell_disk_errors, write_atomically


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """What a file holds before and after; None: it is not there."""

    path: Path
    before: bytes | None
    after: bytes | None


def read_before(path: Path) -> bytes | None:
    """What a file holds now, None where there is none. Raises ManifestUnreadableError for what is no file."""
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a directory")
        with open_plain_file(path) as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error


def apply_changes(changes: Sequence[FileChange], *, root: Path) -> None:
    """Make all changes, or none. A file that is a link is written where it leads to, inside `root` alone.

    What somebody else has made already, as another `pyve lock` at the same time, is left as it is. Raises
    LockChangedError where a file holds neither that nor what it held when the changes were planned, and RefusedError
    for a link that leads out of the project.
    """
    changes = _list_pending(changes, root)
    places = [_resolve(change, root) for change in changes]
    for change, place in zip(changes, places, strict=True):
        if read_before(place) != change.before:
            raise LockChangedError(
                f"{change.path.name} was changed while pyve worked on it; nothing was written.", hint="run it again"
            )
    done: list[FileChange] = []
    try:
        for change, place in zip(changes, places, strict=True):
            done.append(change)
            _put(place, change.after)
    except BaseException:
        take_back(done, root=root)
        raise


def take_back(changes: Sequence[FileChange], *, root: Path) -> tuple[Path, ...]:
    """Put every file back as it was; return those that are not.

    Somebody else has changed them since, and they are left alone; or they cannot be written any more.
    """
    left = []
    for change in reversed(changes):
        try:
            place = _resolve(change, root)
            now = read_before(place)
            if now not in (change.before, change.after):
                left.append(change.path)
            elif now != change.before:
                _put(place, change.before)
        except (OSError, PyveError):  # as on Windows, where somebody has it open
            left.append(change.path)
    return tuple(left)


@contextlib.contextmanager
def changed_files(changes: Sequence[FileChange], *, root: Path) -> Iterator[None]:
    """Make the changes for the block; where it fails or is interrupted, they are taken back."""
    changes = _list_pending(changes, root)
    apply_changes(changes, root=root)
    try:
        yield
    except BaseException:
        take_back(changes, root=root)
        raise


def _list_pending(changes: Sequence[FileChange], root: Path) -> list[FileChange]:
    return [change for change in changes if read_before(_resolve(change, root)) != change.after]


def _put(place: Path, content: bytes | None) -> None:
    if content is None:
        with tell_disk_errors(place):
            place.unlink(missing_ok=True)
        return
    write_atomically(place, content, mode=_mode_of(place))


def _mode_of(place: Path) -> int:
    """The mode of the file that is there, else that of any new file of the user."""
    try:
        return stat.S_IMODE(place.stat().st_mode)
    except OSError:
        mask = os.umask(0o022)
        os.umask(mask)
        return 0o666 & ~mask


def _resolve(change: FileChange, root: Path) -> Path:
    if not change.path.is_symlink():
        return change.path
    place = change.path.resolve()
    if not place.is_relative_to(root.resolve()):
        raise RefusedError(
            f"{change.path} is a link to {place}, outside of the project; pyve writes nothing there.",
            hint="put a file of its own in its place: "
            f"rm {shlex.quote(str(change.path))}; cp {shlex.quote(str(place))} {shlex.quote(str(change.path))}",
        )
    return place
