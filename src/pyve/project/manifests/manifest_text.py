"""A manifest's bytes as text, and how a place in it is written."""

import codecs
import locale
import re
from pathlib import Path

from pyve.errors import ManifestUnreadableError

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODING_LINE = re.compile(rb"coding[:=]\s*([-\w.]+)")
_CONFLICT_MARKER = re.compile(r"^(<<<<<<<|>>>>>>>|\|\|\|\|\|\|\||=======$)", re.MULTILINE)


def show_path(path: Path, root: Path) -> str:
    """Return `path` relative to `root` where it lies in it, with forward slashes, for messages and origins."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return str(path)


def decode_as_pip_does(raw: bytes, path: Path) -> str:
    """Decode a requirements file: byte order mark, else the coding line of PEP 263, else UTF-8, else the locale's."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return _decode(raw[len(mark) :], encoding, path)
    for line in raw.split(b"\n")[:2]:
        coding = _CODING_LINE.search(line) if line.startswith(b"#") else None
        if coding:
            return _decode(raw, coding.group(1).decode("ascii", "replace"), path)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(raw, locale.getpreferredencoding(do_setlocale=False), path)


def decode_utf8(raw: bytes, path: Path) -> str:
    """Decode a TOML or YAML file, which is UTF-8 by its specification (a byte order mark is forgiven)."""
    return _decode(raw.removeprefix(codecs.BOM_UTF8), "utf-8", path)


def find_conflict_marker(text: str) -> int | None:
    """Return the number of the first line that a merge left unresolved, or None."""
    found = _CONFLICT_MARKER.search(text)
    # A row of = alone underlines headings in comments and strings; git never leaves it without the other two.
    if found is None or not re.search(r"^<<<<<<<", text, re.MULTILINE):
        return None
    return text.count("\n", 0, found.start()) + 1


def find_line(text: str, pattern: str, *, after: int = 0) -> int | None:
    """Return the number of the first line after line `after` in which the regular expression is found, or None."""
    compiled = re.compile(pattern)
    for number, line in enumerate(text.splitlines(), start=1):
        if number > after and compiled.search(line):
            return number
    return None


def _decode(raw: bytes, encoding: str, path: Path) -> str:
    try:
        return raw.decode(encoding)
    except LookupError as error:
        raise ManifestUnreadableError(
            f"{path} says that its encoding is {encoding!r}, which is none that Python knows.",
            hint="save it as UTF-8 and remove the coding line",
        ) from error
    except ValueError as error:  # UnicodeDecodeError and what odd codecs raise
        place = ""
        if isinstance(error, UnicodeDecodeError):
            line = raw.count(b"\n", 0, error.start) + 1
            place = f" (line {line})"
        raise ManifestUnreadableError(
            f"{path} is not {encoding} text{place}.", hint="save it as UTF-8 in your editor"
        ) from error
