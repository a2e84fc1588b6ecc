"""The stamp of a requirements.txt: comment lines at its top.

# Locked by pyve from requirements.in; change that, then: pyve lock
# pyve-lock: 1 locker=uv sources=requirements.in python='>=3.11' platforms=linux-64 inputs=sha256:... pins=sha256:...
# pyve-input: numpy<3
"""

import re
import shlex

from pyve.project.locking.lock_stamp import STAMP_VERSION, LockStamp
from pyve.project.locking.pin_lines import read_pin_lines
from pyve.project.locking.stamp_fields import check_version, read_fields, refuse_conflict, refuse_stamp, write_fields
from pyve.project.locking.stamp_text import digest_json, escape_name, escape_text, unescape_text

# Editors and formatters may move comments, and put or take the space behind #.
_LINE = re.compile(r"^[ \t]*#[ \t]*(?:pyve-(?P<kind>lock|input):(?P<value>.*)|Locked by pyve from .*)$", re.MULTILINE)


def write(body: str, stamp: LockStamp) -> str:
    """Return `body` below the stamp."""
    sources = ", ".join(map(escape_name, stamp.sources))
    fields = " ".join(f"{name}={_quote(value)}" for name, value in write_fields(stamp).items())
    lines = [
        f"# Locked by pyve from {sources}; change that, then: pyve lock",
        f"# pyve-lock: {STAMP_VERSION} {fields}",
        *(f"# pyve-input: {escape_text(text)}".rstrip() for text in stamp.inputs),
    ]
    return "\n".join((*lines, body))


def read(text: str, *, shown: str) -> LockStamp | None:
    """Read it wherever the lines stand."""
    if "pyve" not in text:
        return None
    refuse_conflict(text, shown=shown)
    found = list(_LINE.finditer(text))
    if not found:
        return None
    heads = [one for one in found if one["kind"] == "lock"]
    place = f"{shown}:{text.count(chr(10), 0, (heads or found)[-1].start()) + 1}"
    if len(heads) != 1:
        raise refuse_stamp(place, "there is no line `# pyve-lock:`" if not heads else "`# pyve-lock:` stands twice")
    try:
        version, *words = shlex.split(heads[0]["value"].strip())
    except ValueError as error:
        raise refuse_stamp(place, "the line `# pyve-lock:` is cut off") from error
    check_version(version, place=place)
    inputs = [unescape_text(one["value"].strip()) for one in found if one["kind"] == "input"]
    return read_fields(dict(_split_word(word) for word in words), tuple(inputs), place=place)


def remove(text: str) -> str:
    """Return the text without the lines of the stamp."""
    return re.sub(f"{_LINE.pattern}\\n?", "", text, flags=re.MULTILINE) if "pyve" in text else text


def digest_pins(text: str) -> str:
    """Count every line that is no comment, with its hashes in any order."""
    return digest_json(sorted([one.text, sorted(one.hashes)] for one in read_pin_lines(text)))


def is_as_written(text: str, stamp: LockStamp) -> bool:
    """Whether the pins are those of the stamp."""
    return digest_pins(text) == stamp.pins_digest


def _quote(value: str) -> str:
    return value if re.fullmatch(r"[\w.:,/@+%~-]+", value, re.ASCII) else shlex.quote(escape_text(value))


def _split_word(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, unescape_text(value)
