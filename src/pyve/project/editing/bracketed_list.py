"""A list in brackets, `[a, b]`, on one line or on many: an array of TOML, a flow sequence of YAML.

Items are put in and taken out as a person would: on a line of its own where its neighbours have one, with a comma
behind the last where there is one. What was put in and is taken out again leaves the same text; a list that is emptied
becomes `[]`, and one that was `[]` gets lines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyve.project.editing.text_lines import find_line_end, start_of_line

_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?P<end>\r\n|\n|\r)")


@dataclass(frozen=True, kw_only=True)
class BracketedList:
    """A list in `text`: offsets of its `[`, of its `]`, and from each item's begin to its end."""

    text: str
    opening: int
    closing: int
    items: Sequence[tuple[int, int]]

    def insert(self, literal: str, at: int | None) -> str:
        """The text with `literal` before the item `at`; None: behind the last."""
        if not self.items:
            return self._insert_first(literal)
        if at is None:
            return self._append(literal)
        begin = self.items[at][0]
        line = start_of_line(self.text, begin)
        if self._is_blank(line, begin) and self._ends_line(self._comma_behind(at) or self.items[at][1]) is not None:
            return self._put(line, f"{self.text[line:begin]}{literal},{self._newline()}")
        return self._put(begin, f"{literal}, ")

    def remove(self, at: int) -> str:
        """The text without the item `at`, and without its line and comment where that is its own."""
        begin, end = self.items[at]
        comma = self._comma_behind(at)
        behind = end if comma is None else comma
        line, line_end = start_of_line(self.text, begin), self._ends_line(behind)
        is_own = line > self.opening and self._is_blank(line, begin) and line_end is not None
        is_last = at == len(self.items) - 1
        cut = (line, line_end) if is_own and line_end is not None else (begin, behind)
        if not is_own:
            if not is_last:
                spaces = re.compile(r"[ \t]*").match(self.text, behind)
                cut = (begin, spaces.end() if spaces else behind)
            elif at:
                cut = ((self._comma_behind(at - 1) or self.items[at - 1][1]), behind)
        text = self.text[: cut[0]] + self.text[cut[1] :]
        before = self._comma_behind(at - 1) if at else None
        if is_last and before is not None and comma is None:  # no comma stood behind the last, and none shall
            text = text[: before - 1] + text[before:]
        if len(self.items) > 1:
            return text
        inside = text[self.opening + 1 : len(text) - (len(self.text) - self.closing)]
        return text if inside.strip() else text[: self.opening + 1] + text[self.opening + 1 + len(inside) :]

    def _insert_first(self, literal: str) -> str:
        line_end = self._ends_line(self.opening + 1)
        line = start_of_line(self.text, self.opening)
        outer = re.compile(r"[ \t]*").match(self.text, line)
        margin = outer[0] if outer else ""
        indent = f"{margin}    "
        if line_end is None or line_end > self.closing:
            newline = self._newline()
            lines = f"[{newline}{indent}{literal},{newline}{margin}]"
            return self.text[: self.opening] + lines + self.text[self.closing + 1 :]
        # Behind the comments, if there are any.
        last = start_of_line(self.text, self.closing)
        at = last if last >= line_end and self._is_blank(last, self.closing) else line_end
        return self._put(at, f"{indent}{literal},{self._newline()}")

    def _append(self, literal: str) -> str:
        begin, end = self.items[-1]
        comma = self._comma_behind(len(self.items) - 1)
        line_end = self._ends_line(end if comma is None else comma)
        if line_end is None:
            if comma is None:
                return self._put(end, f", {literal}")
            return self._put(comma, f" {literal},")
        line = start_of_line(self.text, begin)
        indent = re.compile(r"[ \t]*").match(self.text, line) if line > self.opening else None
        own = f"{indent[0] if indent else '    '}{literal}{',' if comma is not None else ''}{self._newline()}"
        text = self._put(line_end, own)
        return text if comma is not None else text[:end] + "," + text[end:]

    def _put(self, at: int, what: str) -> str:
        return self.text[:at] + what + self.text[at:]

    def _newline(self) -> str:
        return find_line_end(self.text[: self.closing].splitlines(keepends=True), 10**9)

    def _is_blank(self, begin: int, end: int) -> bool:
        return not self.text[begin:end].strip(" \t")

    def _ends_line(self, offset: int) -> int | None:
        """Where the line ends, its end included, if nothing but a comment follows on it; None otherwise."""
        found = _REST_OF_LINE.match(self.text, offset)
        return found.end() if found else None

    def _comma_behind(self, at: int) -> int | None:
        """The offset behind the comma that follows the item `at`, None where there is none."""
        offset = self.items[at][1]
        limit = self.items[at + 1][0] if at + 1 < len(self.items) else self.closing
        while offset < limit:
            if self.text[offset] == ",":
                return offset + 1
            if self.text[offset] == "#":
                while offset < limit and self.text[offset] not in "\r\n":
                    offset += 1
            offset += 1
        return None
