"""The packages of a requirements file, line by line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyve.project.editing.editable_list import ListedEntry, find_sorted_place
from pyve.project.editing.requirement_name import find_requirement_name
from pyve.project.editing.text_lines import insert_lines, remove_lines
from pyve.project.manifests.requirement_options import OptionInvalidError, parse_line

_COMMENT = re.compile(r"(?:^|\s+)#.*$")
_COMMENT_LINE = re.compile(r"^\s*#")


@dataclass(frozen=True, kw_only=True)
class _Logical:
    """One logical line: physical lines `first` to `last`, counted from 0, joined, the comment taken off."""

    first: int
    last: int
    content: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class RequirementsFile:
    """A requirements file of the project at `root`, which lies in `folder`."""

    shown: str
    root: Path
    folder: Path

    def list_entries(self, text: str) -> tuple[ListedEntry, ...]:
        """The requirements, without lines that hold options alone."""
        return tuple(entry for _, entry in self._read(text) if entry is not None)

    def insert(self, text: str, requirement: str, *, name: str | None) -> str:
        """Behind the last line that is not empty, or in its place among sorted ones."""
        read = list(self._read(text))
        named = [(logical, entry.name) for logical, entry in read if entry is not None and entry.name is not None]
        place = find_sorted_place([found for _, found in named], name)
        if place is not None:
            after = named[place - 1][0].last + 1 if place else named[0][0].first
        else:
            after = max((logical.last + 1 for logical, _ in read if logical.content or logical.comment), default=0)
        return insert_lines(text, after, [requirement])

    def replace(self, text: str, entry: ListedEntry, requirement: str) -> str:
        """The comment and the options that still hold stay; a line that went on over several becomes one."""
        return text[: entry.start] + entry.prefix + requirement + entry.suffix + text[entry.end :]

    def remove(self, text: str, entry: ListedEntry) -> str:
        """With all its lines."""
        logical = next(found for found, other in self._read(text) if other is not None and other.start == entry.start)
        return remove_lines(text, logical.first, logical.last)

    def read_others(self, text: str) -> object:
        """Options and comments of their own lines."""
        return [(logical.content, logical.comment) for logical, entry in self._read(text) if entry is None]

    def _read(self, text: str) -> Iterator[tuple[_Logical, ListedEntry | None]]:
        starts = [0]
        for line in text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        bare = text.splitlines()
        position = 0
        for logical in _join_lines(bare):
            start, end = starts[logical.first], starts[logical.last] + len(bare[logical.last])
            entry = self._read_entry(logical, start=start, end=end, position=position)
            position += entry is not None
            yield logical, entry

    def _read_entry(self, logical: _Logical, *, start: int, end: int, position: int) -> ListedEntry | None:
        content = logical.content.strip()
        if not content:
            return None
        try:
            parsed = parse_line(content)
        except OptionInvalidError:  # whoever reads the file to install from it says so
            return None
        if not parsed.requirement:
            return None
        requirement = f"-e {parsed.requirement}" if parsed.editable else parsed.requirement
        options = "".join(f" {option}" for option in parsed.pip_options)
        return ListedEntry(
            name=find_requirement_name(parsed.requirement, root=self.root, folder=self.folder),
            requirement=requirement,
            line=logical.first + 1,
            position=position,
            start=start,
            end=end,
            prefix=logical.content[: len(logical.content) - len(logical.content.lstrip())],
            suffix=options + logical.comment,
            dropped=tuple(f"--hash={one}" for one in parsed.hashes),
        )


def _join_lines(lines: list[str]) -> Iterator[_Logical]:
    """Join as pip does: a backslash at its end continues a line, except a line that is a comment."""
    first, parts = 0, list[str]()
    for number, line in enumerate(lines):
        if not parts:
            first = number
        is_comment = _COMMENT_LINE.match(line) is not None
        if line.endswith("\\") and not is_comment:
            parts.append(line.strip("\\"))
            if number < len(lines) - 1:
                continue
        else:
            parts.append(f" {line}" if is_comment and parts else line)
        joined = "".join(parts)
        comment = _COMMENT.search(joined)
        yield _Logical(
            first=first,
            last=number,
            content=joined[: comment.start()] if comment else joined,
            comment=comment[0] if comment else "",
        )
        parts = []
