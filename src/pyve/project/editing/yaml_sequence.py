"""A list of YAML in a text, each item on a line with a dash, or all in brackets: items put in and taken out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyve.project.editing.bracketed_list import BracketedList
from pyve.project.editing.editable_list import ListedEntry, refuse_edit
from pyve.project.editing.text_lines import (
    insert_lines,
    line_of_offset,
    remove_lines,
    start_of_line,
)
from pyve.project.editing.yaml_nodes import YamlNode

_DASH = re.compile(r"[ \t]*-[ \t]+")
_PLAIN = re.compile(r"^[A-Za-z0-9./][^#'\"]*$|^-e [^#'\"]*$")
_NOT_IN_BRACKETS = re.compile(r"[\[\]{},]")


@dataclass(frozen=True, kw_only=True)
class YamlSequence:
    """The list `node` in `text`; `key_end` is the offset behind the colon of its key, for a list with nothing in it."""

    text: str
    node: YamlNode
    key_end: int
    shown: str

    def insert(self, literal: str, *, at: int | None) -> str:
        """The text with `literal` before the item `at`; None: behind the last."""
        if self.node.is_flow and self.node.items:
            return self._brackets().insert(_for_brackets(literal), at)
        if not self.node.items:
            return self._begin([literal])
        before = len(self.node.items) if at is None else at
        like = self.node.items[before - 1 if before else 0]
        dash = self._dash_of(like)
        return insert_lines(self.text, self._line_after(before), [dash + literal])

    def insert_section(self, key: str, literal: str) -> str:
        """The text with a last item that is a mapping: `key`, and a list with `literal` alone."""
        if self.node.is_flow and self.node.items:
            return self._brackets().insert(f"{{{key}: [{_for_brackets(literal)}]}}", None)
        if not self.node.items:
            dash = "  - "
            return self._begin([f"{key}:", f"  {' ' * len(dash)}- {literal}"])
        dash = self._dash_of(self.node.items[-1])
        column = " " * len(dash)
        lines = [f"{dash}{key}:", f"{column}  - {literal}"]
        return insert_lines(self.text, self._line_after(len(self.node.items)), lines)

    def remove(self, at: int) -> str:
        """The text without the item `at`; a list that this empties becomes []."""
        if self.node.is_flow:
            return self._brackets().remove(at)
        self._dash_of(self.node.items[at])
        first = line_of_offset(self.text, self.node.items[at].start) - 1
        last = self._last_line(self.node.items[at])
        text = remove_lines(self.text, first, last)
        return text if len(self.node.items) > 1 else f"{text[: self.key_end]} []{text[self.key_end :]}"

    def _begin(self, lines: list[str]) -> str:
        """The first item, on lines of its own, in the place of nothing or of []."""
        text, line = self.text, line_of_offset(self.text, self.key_end - 1)
        if self.node.is_flow:
            text = text[: self.key_end] + text[self.node.end :]
        there = text.splitlines(keepends=True)
        outer = re.match(r"[ \t]*(?:- )?", there[line - 1])
        indent = " " * (len(outer[0]) if outer else 0)
        dash = "- " if not indent and _has_dashes_at_margin(there) else f"{indent}  - "
        return insert_lines(text, line, [dash + lines[0], *(line[2:] if dash == "- " else line for line in lines[1:])])

    def _brackets(self) -> BracketedList:
        items = [(item.start, item.end) for item in self.node.items]
        return BracketedList(text=self.text, opening=self.node.start, closing=self.node.end - 1, items=items)

    def _dash_of(self, item: YamlNode) -> str:
        """What stands before the item on its line; DeclarationNotEditableError where it has none of its own."""
        begin = start_of_line(self.text, item.start)
        before = self.text[begin : item.start]
        if item.kind == "alias" or not _DASH.fullmatch(before):
            line = line_of_offset(self.text, item.start)
            raise refuse_edit(f"{self.shown}:{line}", "is an entry that cannot be changed safely")
        return before

    def _line_after(self, count: int) -> int:
        """How many lines there are up to the end of the first `count` items."""
        if count == 0:
            return line_of_offset(self.text, self.node.items[0].start) - 1
        return self._last_line(self.node.items[count - 1]) + 1

    def _last_line(self, item: YamlNode) -> int:
        """The number, from 0, of the last line of an item: in blocks, marks of YAML reach to the next token."""
        while item.kind in ("list", "mapping") and not item.is_flow:
            if item.kind == "list" and item.items:
                item = item.items[-1]
            elif item.kind == "mapping" and item.entries:
                key, value = item.entries[-1]
                item = key if value.kind == "scalar" and value.is_null else value
            else:
                break
        return line_of_offset(self.text, max(item.start, item.end - 1)) - 1


def write_scalar(value: str, like: Iterable[ListedEntry], *, text: str) -> str:
    """Write a text as YAML, quoted where it must be, or as those in `like` are."""
    quotes = {text[entry.start] for entry in like}
    if len(quotes) == 1 and quotes <= {'"', "'"}:
        return _quote(value, quotes.pop())
    return value if _PLAIN.match(value) and ": " not in value and not value.endswith(":") else _quote(value, "'")


def _for_brackets(literal: str) -> str:
    """The literal as it stands in a list in brackets, where more signs mean something."""
    is_quoted = literal[:1] in {"'", '"'}
    return _quote(literal, "'") if not is_quoted and _NOT_IN_BRACKETS.search(literal) else literal


def _quote(value: str, sign: str) -> str:
    if sign == '"' and not {'"', "\\"} & set(value):
        return f'"{value}"'
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def _has_dashes_at_margin(lines: list[str]) -> bool:
    return any(line.startswith("- ") for line in lines)
