"""What a lock pins, as people compare it: names and versions."""

from collections.abc import Mapping

from pyve.project.locking.lock_target import LockFormat


def read_locked_versions(text: str, lock_format: LockFormat) -> Mapping[str, tuple[str, ...]]:
    """Return name -> its versions, sorted, more than one where markers or platforms tell them apart.

    A package by URL or repository has that as its version. Of a text that is damaged, what can be read.
    """
    raise LookupError((text, lock_format))
