"""A lock on a file that the processes we start inherit: it is free only when all of them have ended.

flock(2) belongs to the open file description, so a child that keeps the descriptor keeps the lock when its parent is
killed. Libraries for locking open descriptors that children do not inherit, which is why this one is ours.
"""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pyve.system.files import tell_disk_errors

_POLL_SECONDS = 0.05
_MOST_ATTEMPTS = 1000


@contextlib.contextmanager
def hold_lock(path: Path, *, on_wait: Callable[[], None] = lambda: None) -> Iterator[int]:
    """Hold the lock at `path` (made when missing) and yield its descriptor; `on_wait` is called when it is taken."""
    descriptor = _open(path)
    try:
        if not _try(descriptor):
            on_wait()
            while not _try(descriptor):
                time.sleep(_POLL_SECONDS)
        yield descriptor
    finally:
        _close(descriptor)


@contextlib.contextmanager
def try_lock(path: Path) -> Iterator[int | None]:
    """As hold_lock, but yield None at once when somebody else holds it."""
    descriptor = _open(path)
    try:
        yield descriptor if _try(descriptor) else None
    finally:
        _close(descriptor)


@contextlib.contextmanager
def share_lock(path: Path, *, prepare: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Hold the lock at `path` together with others; yield the question whether nobody else holds it.

    After a yes nobody else gets it before the block ends, and `path` may be deleted with all around it: whoever waited
    calls `prepare`, which makes its folder, and begins again. Windows has no such lock, and the answer is always yes.
    """
    if sys.platform == "win32":
        prepare()
        yield lambda: True  # nothing is opened: an open file could not be deleted
        return
    descriptor = _share(path, prepare)
    try:
        yield lambda: _try(descriptor)
    finally:
        os.close(descriptor)


def _share(path: Path, prepare: Callable[[], None]) -> int:
    for attempt in range(_MOST_ATTEMPTS):
        try:
            prepare()
            descriptor = _open(path)
        except FileNotFoundError:  # deleted just now, on the way
            if attempt == _MOST_ATTEMPTS - 1:
                raise
            continue
        _wait_for_share(descriptor)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        os.close(descriptor)
    raise TimeoutError(f"{path} is deleted again and again")


def _wait_for_share(descriptor: int) -> None:
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_SH)


def _open(path: Path) -> int:
    with tell_disk_errors(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(descriptor, False)  # handed to children by name (pass_fds), not to every child
    return descriptor


def _close(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        # The system lets go of a closed file's locks at a time of its own choice.
        with contextlib.suppress(OSError):
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    os.close(descriptor)


def _try(descriptor: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
