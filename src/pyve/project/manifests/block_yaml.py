"""The plain part of YAML in which conda-lock writes, and people mostly do, read line by line.

A lock has tens of thousands of lines, and a whole YAML parser takes a second for each ten thousand of them. What is
read here is the same, line numbers included (a test holds both equal); anything unusual is left to the parser.
"""

import re

from pyve.project.manifests.yaml_value import YamlList, YamlMapping, YamlScalar, YamlValue

_UNUSUAL = re.compile(r"[^\n\x20-\x7e]")
_KEY = re.compile(r"(?P<key>[A-Za-z_][A-Za-z0-9_.-]*|'[A-Za-z0-9_. -]+'|\"[A-Za-z0-9_. -]+\"):(?: +(?P<value>.*))?$")
_PLAIN = re.compile(r"[A-Za-z0-9_./][^#]*(?:(?<! )#[^#]*)*$")
_SINGLE = re.compile(r"'((?:[^']|'')*)'$")
_DOUBLE = re.compile(r'"([^"\\]*)"$')
_NUMBERS = (
    (re.compile(r"0b[01_]+|0o?[0-7_]+|[0-9_]+|0x[0-9a-fA-F_]+"), "int"),
    (
        re.compile(r"[0-9][0-9_]*(?:\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)|\.[0-9_]+(?:[eE][-+][0-9]+)?"),
        "float",
    ),
)
_MAYBE_DATE = re.compile(r"[0-9]{4}-[0-9]")
_WORDS = {
    **dict.fromkeys(("true", "True", "TRUE", "false", "False", "FALSE"), "bool"),
    **dict.fromkeys(("null", "Null", "NULL"), "null"),
    **dict.fromkeys((".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"), "float"),
}
_MOST_NESTED = 20


class _UnusualError(Exception):
    """Something stands there that a whole parser has to judge."""


def parse_block_yaml(text: str) -> YamlMapping | None:
    """Return the keys and values of `text`; None where it holds anything but plain lines, also what is no YAML."""
    if _UNUSUAL.search(text):
        return None
    lines = [
        (len(line) - len(stripped), stripped.rstrip(), number)
        for number, line in enumerate(text.split("\n"), start=1)
        if (stripped := line.lstrip()) and stripped[0] != "#"
    ]
    if not lines or lines[0][0] != 0:
        return None
    reading = _Reading(lines)
    try:
        value = reading.read_block(0, depth=0)
    except _UnusualError:
        return None
    return value if isinstance(value, YamlMapping) and reading.is_done else None


class _Reading:
    """The lines (depth, text, number), and how far they are read."""

    def __init__(self, lines: list[tuple[int, str, int]]) -> None:
        self._lines = lines
        self._next = 0

    @property
    def is_done(self) -> bool:
        return self._next == len(self._lines)

    def read_block(self, indent: int, *, depth: int) -> YamlValue:
        if depth > _MOST_NESTED:
            raise _UnusualError
        if _is_item(self._lines[self._next][1]):
            return self._read_list(indent, depth=depth)
        return self._read_mapping(indent, depth=depth)

    def _read_list(self, indent: int, *, depth: int) -> YamlList:
        first = self._lines[self._next][2]
        items: list[YamlValue] = []
        while not self.is_done:
            found, text, number = self._lines[self._next]
            if found != indent or not _is_item(text):
                break
            content = text[2:].lstrip()
            if _KEY.match(content):
                inner = indent + len(text) - len(content)
                self._lines[self._next] = (inner, content, number)
                items.append(self._read_mapping(inner, depth=depth + 1))
            else:
                items.append(self._take_value(content, number, indent))
        self._refuse_deeper(indent)
        return YamlList(items=tuple(items), line=first)

    def _read_mapping(self, indent: int, *, depth: int) -> YamlMapping:
        first = self._lines[self._next][2]
        entries: dict[str, tuple[YamlScalar, YamlValue]] = {}
        while not self.is_done:
            found, text, number = self._lines[self._next]
            if found != indent or _is_item(text):
                break
            match = _KEY.match(text)
            if match is None:
                raise _UnusualError
            key = _read_scalar(match["key"], number)
            if key.text in entries:
                raise _UnusualError
            if match["value"]:
                value = self._take_value(match["value"], number, indent)
            else:
                self._next += 1
                value = self._read_below(indent, number, depth=depth)
            entries[key.text] = (key, value)
        self._refuse_deeper(indent)
        return YamlMapping(entries=tuple(entries.values()), line=first)

    def _read_below(self, indent: int, number: int, *, depth: int) -> YamlValue:
        """What stands behind a key on the lines below it; a list may begin at the depth of its key."""
        if not self.is_done:
            found, text, _ = self._lines[self._next]
            if found > indent or (found == indent and _is_item(text)):
                return self.read_block(found, depth=depth + 1)
        return YamlScalar(text="", kind="null", line=number, last_line=number)

    def _take_value(self, text: str, number: int, indent: int) -> YamlValue:
        """A value that ends with its line."""
        self._next += 1
        self._refuse_deeper(indent)
        if text == "{}":
            return YamlMapping(entries=(), line=number)
        if text == "[]":
            return YamlList(items=(), line=number)
        return _read_scalar(text, number)

    def _refuse_deeper(self, indent: int) -> None:
        if not self.is_done and self._lines[self._next][0] > indent:
            raise _UnusualError


def _is_item(text: str) -> bool:
    return text.startswith("- ")


def _read_scalar(text: str, number: int) -> YamlScalar:
    if text[0] == "'":
        quoted = _SINGLE.match(text)
        if quoted is None:
            raise _UnusualError
        return YamlScalar(text=quoted[1].replace("''", "'"), kind="str", line=number, last_line=number)
    if text[0] == '"':
        quoted = _DOUBLE.match(text)
        if quoted is None:
            raise _UnusualError
        return YamlScalar(text=quoted[1], kind="str", line=number, last_line=number)
    if not _PLAIN.match(text) or ": " in text or text[-1] == ":":
        raise _UnusualError
    return YamlScalar(text=text, kind=_kind_of(text), line=number, last_line=number)


def _kind_of(text: str) -> str:
    """The kind that YAML 1.2 sees in a plain text."""
    if text[0] not in "0123456789.":
        return _WORDS.get(text, "str")
    if _MAYBE_DATE.match(text):
        raise _UnusualError
    return next((kind for pattern, kind in _NUMBERS if pattern.fullmatch(text)), _WORDS.get(text, "str"))
