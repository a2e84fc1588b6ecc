"""Where the items of an array of TOML begin and end in its text (TOML 1.0, "Array")."""

import re
from collections.abc import Iterator

from pyve.project.editing.bracketed_list import BracketedList

_SKIPPED = re.compile(r"(?:[ \t\r\n,]|#[^\r\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}(?!")|' r"'''(?:.)*?'{3,5}(?!')|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'", re.DOTALL
)
_PLAIN = re.compile(r"[^\s,#\[\]{}\"']+")


def find_array(text: str, opening: int) -> BracketedList:
    """Return the array that begins at the offset `opening` of a valid file."""
    items, closing = _scan(text, opening + 1, "]")
    return BracketedList(text=text, opening=opening, closing=closing, items=items)


def _scan(text: str, offset: int, closing: str) -> tuple[list[tuple[int, int]], int]:
    """The items up to the bracket that closes, and the offset of that."""
    items: list[tuple[int, int]] = []
    while True:
        offset = _skip(text, offset)
        if text[offset] == closing:
            return items, offset
        end = _end_of_value(text, offset)
        items.append((offset, end))
        offset = end


def _end_of_value(text: str, offset: int) -> int:
    string = _STRING.match(text, offset)
    if string:
        return string.end()
    if text[offset] == "[":
        return _scan(text, offset + 1, "]")[1] + 1
    if text[offset] == "{":
        return _scan_table(text, offset + 1)
    plain = _PLAIN.match(text, offset)
    return plain.end() if plain else offset + 1


def _scan_table(text: str, offset: int) -> int:
    for begin, end in _values_of_table(text, offset):
        offset = end
        if text[begin] == "}":
            break
    return offset


def _values_of_table(text: str, offset: int) -> Iterator[tuple[int, int]]:
    """The words of an inline table, up to the brace that closes it."""
    while True:
        offset = _skip(text, offset)
        end = offset + 1 if text[offset] == "}" else _end_of_value(text, offset)
        yield offset, end
        offset = end


def _skip(text: str, offset: int) -> int:
    found = _SKIPPED.match(text, offset)
    return found.end() if found else offset
