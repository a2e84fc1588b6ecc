"""The fields of a stamp by name, as every format holds them, and what is wrong where they cannot be read."""

from collections.abc import Mapping

from pyve.errors.lock import LockInvalidError, LockTooNewError
from pyve.project.locking.lock_stamp import STAMP_VERSION, LockStamp
from pyve.project.locking.stamp_text import digest_texts, escape_name, unescape_name
from pyve.project.manifests.manifest_text import find_conflict_marker

LOCK_AGAIN = "lock again: pyve lock"


def write_fields(stamp: LockStamp) -> dict[str, str]:
    """Return all fields but the inputs themselves; lists have commas between."""
    fields = {
        "locker": stamp.locker,
        "sources": ",".join(map(escape_name, stamp.sources)),
        "python": stamp.python,
        "platforms": ",".join(stamp.platforms),
        "exclude-newer": stamp.exclude_newer or "",
        "only": ",".join(stamp.only),
        "inputs": digest_texts(stamp.inputs),
        "pins": stamp.pins_digest,
    }
    return {name: value for name, value in fields.items() if value}


def read_fields(fields: Mapping[str, str], inputs: tuple[str, ...], *, place: str) -> LockStamp:
    """Return the stamp of its fields; LockInvalidError at `place` (`file:line`) where one is missing or not whole."""
    for name in ("locker", "sources", "platforms", "inputs", "pins"):
        if not fields.get(name):
            raise refuse_stamp(place, f"it does not say its {name}")
    if digest_texts(inputs) != fields["inputs"]:
        raise refuse_stamp(place, "the list of what it was made from is not whole, or was changed")
    return LockStamp(
        locker=fields["locker"],
        sources=tuple(map(unescape_name, fields["sources"].split(","))),
        inputs=tuple(sorted(set(inputs))),
        platforms=tuple(fields["platforms"].split(",")),
        python=fields.get("python", ""),
        exclude_newer=fields.get("exclude-newer") or None,
        only=tuple(filter(None, fields.get("only", "").split(","))),
        pins_digest=fields["pins"],
    )


def check_version(version: object, *, place: str) -> None:
    """Raise LockTooNewError for the version of a later pyve, LockInvalidError for what is none."""
    text = str(version).strip()
    if not text.isdecimal() or not int(text):
        raise refuse_stamp(place, f"its version is {text!r}")
    if int(text) > STAMP_VERSION:
        raise LockTooNewError(
            f"{place}: this lock was made by a newer pyve (its stamp has version {text}, this one knows"
            f" {STAMP_VERSION}).",
            hint="upgrade pyve",
        )


def refuse_stamp(place: str, problem: str) -> LockInvalidError:
    """Say that what pyve wrote into a lock cannot be read."""
    return LockInvalidError(f"{place}: what pyve wrote into this lock cannot be read: {problem}.", hint=LOCK_AGAIN)


def refuse_conflict(text: str, *, shown: str) -> None:
    """Raise LockInvalidError where a merge was left unresolved."""
    line = find_conflict_marker(text) if "<<<<<<<" in text else None
    if line:
        raise LockInvalidError(
            f"{shown}:{line}: a merge conflict is still in this lock.",
            hint="take either side, then lock again: pyve lock",
        )
