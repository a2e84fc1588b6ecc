"""What pyve writes into a lock about how it was made: by it a lock is known to answer what is declared now."""

from dataclasses import dataclass, replace
from importlib import import_module
from typing import Protocol, cast

from pyve.project.locking.lock_target import LockFormat

STAMP_VERSION = 1

_PLACES = {
    LockFormat.REQUIREMENTS: "pyve.project.locking.requirements_stamp",
    LockFormat.PYLOCK: "pyve.project.locking.pylock_stamp",
    LockFormat.CONDA_LOCK: "pyve.project.locking.conda_lock_stamp",
}


@dataclass(frozen=True, kw_only=True)
class LockStamp:
    """How a lock was made.

    `sources` are the declaring files relative to the root, with `/`. `inputs` are what they declare, one canonical text
    each (lock_inputs.py), without credentials. `platforms` are conda's names; `python` is a specifier (PEP 440) of
    the versions it serves. `only` are the parts that it was restricted to (`extra:plot`), none: it has all that there
    are. `pins_digest` is of what the lock held when it was written, empty before that: another one
    now means that it was edited.
    """

    locker: str
    sources: tuple[str, ...]
    inputs: tuple[str, ...]
    platforms: tuple[str, ...]
    python: str = ""
    exclude_newer: str | None = None
    only: tuple[str, ...] = ()
    pins_digest: str = ""


class _StampPlace(Protocol):
    """Where a format keeps the stamp; each is a module."""

    def write(self, body: str, stamp: LockStamp) -> str: ...
    def read(self, text: str, *, shown: str) -> LockStamp | None: ...
    def remove(self, text: str) -> str: ...
    def digest_pins(self, text: str) -> str: ...
    def is_as_written(self, text: str, stamp: LockStamp) -> bool: ...


def write_stamp(body: str, stamp: LockStamp, lock_format: LockFormat) -> str:
    """Return the whole text of a lock: `body` as a locker gave it, with the stamp in the place of its format.

    Inputs are sorted, each is written once, empty ones not at all. A stamp that `body` has already is replaced.
    """
    place = _place_of(lock_format)
    body = place.remove(body.removeprefix("\ufeff"))
    inputs = tuple(sorted(set(filter(None, stamp.inputs))))
    return place.write(body, replace(stamp, inputs=inputs, pins_digest=place.digest_pins(body)))


def read_stamp(text: str, lock_format: LockFormat, *, shown: str | None = None) -> LockStamp | None:
    """Return the stamp of a lock, None where another tool made it; messages call the file `shown`.

    Raises LockTooNewError for a stamp of a later version and LockInvalidError for one that cannot be read.
    """
    return _place_of(lock_format).read(text.removeprefix("\ufeff"), shown=shown or lock_format.value)


def remove_stamp(text: str, lock_format: LockFormat) -> str:
    """Return the text of a lock without its stamp, as the locker gave it."""
    return _place_of(lock_format).remove(text.removeprefix("\ufeff"))


def digest_pins(text: str, lock_format: LockFormat) -> str:
    """Return the SHA-256 of what a lock pins; comments, order and white space do not count.

    Raises LockInvalidError for a text that is not of that format.
    """
    return _place_of(lock_format).digest_pins(text.removeprefix("\ufeff"))


def is_as_written(text: str, stamp: LockStamp, lock_format: LockFormat) -> bool:
    """Whether a lock pins what it pinned when `stamp`, its own, was written; cheaper than digest_pins.

    Raises LockInvalidError for a text that is not of that format.
    """
    return _place_of(lock_format).is_as_written(text.removeprefix("\ufeff"), stamp)


def _place_of(lock_format: LockFormat) -> _StampPlace:
    return cast("_StampPlace", import_module(_PLACES[lock_format]))
