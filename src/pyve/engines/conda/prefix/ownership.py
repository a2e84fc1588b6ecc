"""Who builds a prefix: one process alone, whatever engine it uses, since each would delete what the other has made."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from pyve.system.file_lock import try_lock


@contextlib.contextmanager
def own_prefix(cache: Path, prefix: Path) -> Iterator[bool]:
    """Be the only process of this `cache` that builds `prefix`; yield False when another one is, or just was."""
    lock = prefix_lock(cache, prefix)
    lock.parent.mkdir(exist_ok=True)
    with try_lock(lock) as held:
        if held is None or not _is_at(held, lock):
            yield False
            return
        try:
            yield True
        finally:
            with contextlib.suppress(OSError):
                lock.unlink()


def prefix_lock(cache: Path, prefix: Path) -> Path:
    """The file that is locked while `prefix` is built."""
    return cache / "prefixes" / f"{hashlib.sha256(str(prefix).encode()).hexdigest()[:24]}.lock"


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether it is still the file at `path`: whoever opened it before its owner deleted it holds nothing."""
    if os.name == "nt":  # which deletes no file that is open
        return True
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
