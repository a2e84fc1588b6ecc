"""What pyve writes into a lock about how it was made: by it a lock is known to answer what is declared now."""

from dataclasses import dataclass

from pyve.project.locking.lock_target import LockFormat

STAMP_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class LockStamp:
    """How a lock was made.

    `sources` are the declaring files relative to the root, with `/`. `inputs` are what they declare, one canonical text
    each (lock_inputs.py), without credentials. `platforms` are conda's names; `python` is a specifier (PEP 440) of
    the versions it serves. `pins_digest` is of what the lock held when it was written, empty before that: another one
    now means that it was edited.
    """

    locker: str
    sources: tuple[str, ...]
    inputs: tuple[str, ...]
    platforms: tuple[str, ...]
    python: str = ""
    exclude_newer: str | None = None
    pins_digest: str = ""


def write_stamp(body: str, stamp: LockStamp, lock_format: LockFormat) -> str:
    """Return the whole text of a lock: `body` as a locker gave it, with the stamp in the place of its format."""
    raise LookupError((body, stamp, lock_format))


def read_stamp(text: str, lock_format: LockFormat) -> LockStamp | None:
    """Return the stamp of a lock, None where another tool made it.

    Raises LockTooNewError for a stamp of a later version and LockInvalidError for one that cannot be read.
    """
    raise LookupError((text, lock_format))


def digest_pins(text: str, lock_format: LockFormat) -> str:
    """Return the SHA-256 of what a lock pins; comments, order and white space do not count."""
    raise LookupError((text, lock_format))
