"""Files and directories, changed so that no instant shows half a change and nothing is deleted through a link."""

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from pyve.errors import DiskFullError, NotADirectoryHereError, PathNotWritableError, PyveError, RefusedError
from pyve.system.mounts import MOUNT_TABLE, mounts_inside

# Of a reparse point that stands for another file or directory: symbolic link, junction, volume ("name surrogate").
# Placeholders of cloud folders, deduplicated files and the like have other tags and are what they look like.
_STANDS_FOR_ANOTHER = 0x20000000
_REPLACE_ATTEMPTS = 40
_REPLACE_PAUSE_SECONDS = 0.05


def write_atomically(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace `path` by a file of `content` in one step; its directory must exist."""
    with tell_disk_errors(path):
        descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, mode)
            replace_file(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.chmod(temporary, 0o600)  # Windows deletes no read-only file
                os.unlink(temporary)
            raise


def replace_file(new: str | os.PathLike[str], old: str | os.PathLike[str]) -> None:
    """As os.replace; on Windows, where an open file cannot be replaced, again until its reader has closed it."""
    for _ in range(_REPLACE_ATTEMPTS if sys.platform == "win32" else 0):
        try:
            os.replace(new, old)
        except PermissionError:
            time.sleep(_REPLACE_PAUSE_SECONDS)
        else:
            return
    os.replace(new, old)


def make_private_directory(path: Path) -> None:
    """Make `path` and missing parents, readable by the user alone."""
    with tell_disk_errors(path):
        missing = []
        while not path.is_dir():
            if path == path.parent:  # a drive that is not there
                raise NotADirectoryHereError(f"{path} is not there.", hint="set PYVE_STATE_DIR to another directory")
            missing.append(path)
            path = path.parent
        for directory in reversed(missing):
            with contextlib.suppress(FileExistsError):
                directory.mkdir(mode=0o700)
            if not directory.is_dir():
                raise NotADirectoryHereError(f"{directory} is a file; pyve needs a directory there.")


@contextlib.contextmanager
def tell_disk_errors(path: Path) -> Iterator[None]:
    """Turn the system errors of writing at `path` into errors a user can act on."""
    try:
        yield
    except OSError as error:
        told = as_told_error(error, path)
        if told is None:
            raise
        raise told from error


def as_told_error(error: OSError, path: Path) -> PyveError | None:
    """The error a user should see for a system error at `path`, None when there is nothing better to say."""
    import shlex  # only failures pay for it

    where = error.filename if isinstance(error.filename, str) else path
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        hint = "pyve gc --all  # makes room where old environments take it; then run it again"
        return DiskFullError(f"No space is left on the disk of {path}.", hint=hint)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        message = f"{where} cannot be used: {os.strerror(error.errno)}."
        return PathNotWritableError(message, hint=f"ls -ld {shlex.quote(str(path))}")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        there = next((one for one in (Path(where), *Path(where).parents) if os.path.lexists(one)), Path(where))
        message = f"{there} is not a directory, and pyve needs one there."
        return NotADirectoryHereError(message, hint=f"ls -ld {shlex.quote(str(there))}")
    return None


def open_plain_file(path: Path) -> BinaryIO:
    """Open a file for reading; OSError at once for a pipe or a device, which would be waited for or never end."""
    file = open(path, "rb", opener=_open_at_once)  # noqa: SIM115 - the caller closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is not a regular file", os.fspath(path))
    return file


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))


def digest_file(path: Path) -> str:
    """SHA-256 of the file's bytes, hexadecimal; `-` when there is no such file. OSError for what is no plain file."""
    content = hashlib.sha256()
    try:
        with open_plain_file(path) as file:
            while block := file.read(1 << 20):
                content.update(block)
        return content.hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return "-"
    except (IsADirectoryError, PermissionError):  # the latter is what Windows says of a directory
        if not path.is_dir():
            raise
        return "directory"


def is_link(path: Path) -> bool:
    """True for a symbolic link, a Windows junction, or any other reparse point that stands for another place."""
    try:
        return _leads_elsewhere(os.lstat(path))
    except OSError:
        return False


def _leads_elsewhere(status: os.stat_result) -> bool:
    return stat.S_ISLNK(status.st_mode) or bool(getattr(status, "st_reparse_tag", 0) & _STANDS_FOR_ANOTHER)


def remove_tree(path: Path, *, inside: Path, mounts: Path = MOUNT_TABLE) -> None:
    """Delete the directory `path`, which must lie strictly inside `inside` with no link on the way.

    Links in the tree are deleted, never followed; read-only directories in it are opened up first. A tree that is
    already gone is fine. Raises RefusedError when `path` is not where it should be, or `mounts` says that something is
    mounted in it.
    """
    relative = path.relative_to(inside) if path.is_relative_to(inside) else None
    if relative is None or not relative.parts or ".." in relative.parts:
        raise RefusedError(f"{path} is not inside {inside}; it is not deleted.")
    step = inside
    for part in relative.parts:
        if is_link(step):
            raise RefusedError(f"{step} is a link; what lies behind it is not deleted.")
        step = step / part
    if is_link(path):
        raise RefusedError(f"{path} is a link; what lies behind it is not deleted.")
    if not path.exists():
        return
    for point in mounts_inside(path, table=mounts):
        raise RefusedError(f"{point} is mounted in {path}; what lies behind a mount is not deleted.")
    _rmtree(path)


def _rmtree(path: Path) -> None:
    def open_up(function: Callable[..., object], name: str, _: object) -> None:
        deletes = function in (os.unlink, os.remove, os.rmdir)
        with contextlib.suppress(FileNotFoundError):
            if deletes and os.fspath(name) != os.fspath(path):  # what `path` lies in is not to be opened up
                _make_writable(os.path.dirname(name))
            # A file may be a hard link into an installer's cache, whose mode would change too; only Windows needs it.
            if not deletes or sys.platform == "win32":
                _make_writable(name)
            if deletes:
                function(name)
            else:  # the directory could not be listed: with its mode mended, once more
                shutil.rmtree(name)

    if sys.version_info >= (3, 12):
        shutil.rmtree(path, onexc=open_up)
    else:
        shutil.rmtree(path, onerror=open_up)


def _make_writable(name: str) -> None:
    status = os.lstat(name)
    if not stat.S_ISLNK(status.st_mode):
        os.chmod(name, status.st_mode | stat.S_IRWXU)


def measure_tree(path: Path) -> int:
    """Bytes on disk of all in the directory `path`: allocated blocks, hard-linked files once, links not followed."""
    seen: set[tuple[int, int]] = set()
    total = 0
    pending = [os.fspath(path)]
    while pending:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError:
            continue
        for entry in entries:
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:  # gone since it was listed
                continue
            if status.st_nlink > 1 and not stat.S_ISDIR(status.st_mode):
                if (status.st_dev, status.st_ino) in seen:
                    continue
                seen.add((status.st_dev, status.st_ino))
            total += getattr(status, "st_blocks", -(-status.st_size // 512)) * 512
            if stat.S_ISDIR(status.st_mode) and not _leads_elsewhere(status):
                pending.append(entry.path)
    return total
