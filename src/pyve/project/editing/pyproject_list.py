"""A list of requirements in pyproject.toml: of the project (PEP 621), of an extra, or of a group (PEP 735)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyve.errors import ConfigInvalidError
from pyve.errors.lock import DeclarationNotEditableError
from pyve.project.config_editing import set_key
from pyve.project.editing.bracketed_list import BracketedList
from pyve.project.editing.editable_list import ListedEntry, find_sorted_place, refuse_edit
from pyve.project.editing.requirement_name import find_requirement_name
from pyve.project.editing.text_lines import find_line_end, line_of_offset, split_line_end
from pyve.project.editing.toml_array import find_array
from pyve.project.manifests.toml_text import parse_toml

_SENTINEL = "the-place-that-is-looked-for"


@dataclass(frozen=True, kw_only=True)
class PyprojectList:
    """The list at `keys` of a valid pyproject.toml, which may lack it."""

    shown: str
    keys: Sequence[str]
    root: Path

    def list_entries(self, text: str) -> tuple[ListedEntry, ...]:
        """The requirements; what else a group holds (include-group) is none."""
        array = self._find(text)
        if array is None:
            return ()
        entries = []
        for position, (start, end) in enumerate(array.items):
            value = _read_value(text[start:end])
            if isinstance(value, str):
                entries.append(
                    ListedEntry(
                        name=find_requirement_name(value, root=self.root, folder=self.root),
                        requirement=value.strip(),
                        line=line_of_offset(text, start),
                        position=position,
                        start=start,
                        end=end,
                    )
                )
        return tuple(entries)

    def insert(self, text: str, requirement: str, *, name: str | None) -> str:
        """In its place among sorted ones, else behind the last; a list that is not there is made, on many lines."""
        array = self._find(text)
        if array is None:
            text = self._make_list(text)
            array = self._find(text)
        if array is None:
            raise refuse_edit(self.shown, f"has no place for `{'.'.join(self.keys)}`")
        entries = self.list_entries(text)
        place = find_sorted_place([entry.name or "" for entry in entries], name)
        at = None if place is None else entries[place].position
        return array.insert(self._write(text, entries, requirement), at)

    def replace(self, text: str, entry: ListedEntry, requirement: str) -> str:
        """Quoted as the entry was, where that can hold it."""
        return text[: entry.start] + self._write(text, (entry,), requirement) + text[entry.end :]

    def remove(self, text: str, entry: ListedEntry) -> str:
        """An array that this empties stays."""
        array = self._find(text)
        assert array is not None, "an entry of a list that is there"
        return array.remove(entry.position)

    def read_others(self, text: str) -> object:
        """The whole document, and of the list all that is no requirement."""
        document = parse_toml(text)
        table: Any = document
        for key in self.keys[:-1]:
            table = table.get(key, {})
        others = [one for one in table.pop(self.keys[-1], []) if not isinstance(one, str)]
        return _without_empty_tables(document), others

    def _find(self, text: str) -> BracketedList | None:
        """The array: where another value in its place makes the text differ, there it begins."""
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        there: Any = parse_toml(text)
        for key in self.keys:
            if key not in there:
                return None
            there = there[key]
        try:
            document = tomlkit.parse(text)
            table: Any = document
            for key in self.keys[:-1]:
                table = table[key]
            table[self.keys[-1]] = tomlkit.string(_SENTINEL)
            marked = tomlkit.dumps(document)
        except (TOMLKitError, KeyError, TypeError, ValueError) as error:
            raise self._refuse() from error
        start = marked.find(f'"{_SENTINEL}"')
        if start < 0 or text[:start] != marked[:start] or text[start : start + 1] != "[":
            raise self._refuse()
        array = find_array(text, start)
        if text[array.closing + 1 :] != marked[start + len(_SENTINEL) + 2 :]:
            raise self._refuse()
        return array

    def _make_list(self, text: str) -> str:
        """The text with an empty list at the keys, its brackets on lines of their own."""
        try:
            made = set_key(text.replace("\r\n", "\n"), self.keys, [], shown=self.shown)
        except ConfigInvalidError as error:
            raise self._refuse() from error
        text = _put_difference(text, made)
        array = self._find(text)
        if array is None or array.items:
            raise self._refuse()
        return text

    def _write(self, text: str, entries: Sequence[ListedEntry], requirement: str) -> str:
        quotes = {text[entry.start] for entry in entries}
        if "'" not in requirement and (quotes == {"'"} or '"' in requirement):
            return f"'{requirement}'"
        escaped = requirement.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'

    def _refuse(self) -> DeclarationNotEditableError:
        why = f"is written in a way in which `{'.'.join(self.keys)}` cannot be changed safely"
        return refuse_edit(self.shown, why)


def find_list_keys(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the keys of all lists of requirements that a valid pyproject.toml holds."""
    document = parse_toml(text)
    project = document.get("project", {})
    keys: list[tuple[str, ...]] = [("project", "dependencies")] if "dependencies" in project else []
    keys += [("project", "optional-dependencies", name) for name in project.get("optional-dependencies", {})]
    keys += [("dependency-groups", name) for name in document.get("dependency-groups", {})]
    return tuple(keys)


def _read_value(literal: str) -> object:
    return parse_toml(f"value = {literal}")["value"]


def _put_difference(text: str, made: str) -> str:
    """`text` with the lines that `made` has more, with line ends as they are around them."""
    old = text.splitlines(keepends=True)
    bare, new = [split_line_end(line)[0] for line in old], made.splitlines()
    same = 0
    while same < min(len(bare), len(new)) and bare[same] == new[same]:
        same += 1
    behind = 0
    while behind < min(len(bare), len(new)) - same and bare[-1 - behind] == new[-1 - behind]:
        behind += 1
    if same + behind != len(bare):  # something else than more lines
        return made
    newline = find_line_end(old, same)
    if same and not split_line_end(old[same - 1])[1]:
        old[same - 1] += newline
    more = [line + newline for line in new[same : len(new) - behind]]
    return "".join([*old[:same], *more, *old[same:]])


def _without_empty_tables(document: Any) -> Any:
    if not isinstance(document, dict):
        return document
    cleaned = {key: _without_empty_tables(value) for key, value in document.items()}
    return {key: value for key, value in cleaned.items() if value != {}}
