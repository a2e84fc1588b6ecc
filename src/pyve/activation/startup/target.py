"""The real file behind a startup file's name, looked at before it is changed: what pyve must not edit is refused."""

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from pyve.errors import OwnerMismatchError, PathNotWritableError, PyveError, RefusedError
from pyve.system.files import tell_disk_errors

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, kw_only=True)
class StartupTarget:
    """`file` is the name the shell uses, `real` what links lead to; `content` is None where there is no file yet."""

    file: Path
    real: Path
    content: bytes | None
    mode: int


def examine_startup_file(file: Path, *, by_hand: str) -> StartupTarget:
    """Read the file for a change of it; `by_hand` is what the user can do instead, for the hints.

    Raises RefusedError for what is no plain file or leads nowhere, OwnerMismatchError for another user's, and
    PathNotWritableError.
    """
    real = Path(os.path.realpath(file))
    try:
        status = real.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        if any(place.is_symlink() and not place.exists() for place in (file, *file.parents)):
            raise RefusedError(
                f"{file} is a link that leads to nothing ({real}).", hint=f"mend the link, or: {by_hand}"
            ) from error
        _require_writable(file, _nearest_existing(real.parent), by_hand)
        return StartupTarget(file=file, real=real, content=None, mode=0o644)
    except OSError as error:  # a circle of links; a directory that cannot be entered
        raise _unreadable(file, error, by_hand) from error
    fault = _find_fault(status)
    if fault:
        raise RefusedError(f"{_name(file, real)} {fault}; pyve does not change it.", hint=by_hand)
    if sys.platform != "win32" and status.st_uid != os.geteuid():
        raise OwnerMismatchError(f"{_name(file, real)} belongs to another user; it is not changed.", hint=by_hand)
    if not status.st_mode & stat.S_IWUSR:
        raise PathNotWritableError(f"{_name(file, real)} is read-only.", hint=f"make it writable, or: {by_hand}")
    _require_writable(file, real.parent, by_hand)
    with tell_disk_errors(real):
        content = real.read_bytes()
    if content.startswith(_UTF_16):
        raise RefusedError(f"{_name(file, real)} is in UTF-16; pyve does not change it.", hint=by_hand)
    return StartupTarget(file=file, real=real, content=content, mode=stat.S_IMODE(status.st_mode))


def _find_fault(status: os.stat_result) -> str:
    if stat.S_ISDIR(status.st_mode):
        return "is a directory"
    if not stat.S_ISREG(status.st_mode):
        return "is no plain file"
    if status.st_nlink > 1:
        return "has another name too (a hard link)"  # which a replaced file would lose
    return ""


def _require_writable(file: Path, directory: Path, by_hand: str) -> None:
    if not (directory.is_dir() and os.access(directory, os.W_OK | os.X_OK)):
        message = f"{_name(file, Path(os.path.realpath(file)))} cannot be replaced: {directory} cannot be written to."
        raise PathNotWritableError(message, hint=f"make the directory writable, or: {by_hand}")


def _nearest_existing(directory: Path) -> Path:
    return next((place for place in (directory, *directory.parents) if os.path.lexists(place)), directory)


def _unreadable(file: Path, error: OSError, by_hand: str) -> PyveError:
    return PathNotWritableError(f"{file} cannot be looked into: {error.strerror or error}.", hint=by_hand)


def _name(file: Path, real: Path) -> str:
    return str(file) if file == real else f"{file} (a link to {real})"
