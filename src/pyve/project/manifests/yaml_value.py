"""What a YAML file holds, each value with the line on which it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True)
class YamlScalar:
    """One value as written. `kind` is YAML's: "str", "int", "float", "bool", "null", "timestamp", or another tag.

    A text may go on to `last_line` without any sign in it that it does.
    """

    text: str
    kind: str
    line: int
    last_line: int


@dataclass(frozen=True, kw_only=True)
class YamlList:
    """Values in the order of the file."""

    items: "tuple[YamlValue, ...]"
    line: int


@dataclass(frozen=True, kw_only=True)
class YamlMapping:
    """Keys and values in the order of the file; no key stands twice."""

    entries: "tuple[tuple[YamlScalar, YamlValue], ...]"
    line: int

    def get(self, key: str) -> "YamlValue | None":
        """Return the value of `key`, None where the key is not there."""
        return next((value for name, value in self.entries if name.text == key), None)

    def line_of(self, key: str) -> int | None:
        """Return the line of the key, None where it is not there."""
        return next((name.line for name, _ in self.entries if name.text == key), None)

    def list_keys(self) -> Iterator[YamlScalar]:
        """Return the keys in the order of the file."""
        return (name for name, _ in self.entries)


YamlValue: TypeAlias = YamlScalar | YamlList | YamlMapping

_KINDS = {"int": "a number", "float": "a number", "bool": "a truth value", "timestamp": "a date"}


def is_text(value: YamlValue | None) -> bool:
    """True for what YAML takes for a text."""
    return isinstance(value, YamlScalar) and value.kind == "str"


def is_null(value: YamlValue | None) -> bool:
    """True where there is no value: the key is absent, or nothing stands behind it."""
    return value is None or (isinstance(value, YamlScalar) and value.kind == "null")


def describe(value: YamlValue) -> str:
    """Say what a value is, for messages: `a number (3.10)`, `a list`, `empty`."""
    if isinstance(value, YamlList):
        return "a list"
    if isinstance(value, YamlMapping):
        return "keys and values"
    if value.kind == "null":
        return "empty"
    kind = _KINDS.get(value.kind, "a text" if value.kind == "str" else f"of the kind {value.kind}")
    shown = value.text if len(value.text) <= 60 else f"{value.text[:57]}..."
    return f"{kind} ({shown!r})" if value.kind == "str" else f"{kind} ({shown!r})".replace("'", "")
