"""The `dependencies` of an environment.yml: conda's packages, and those of its pip section, changed line by line.

A round trip through a YAML library would set indentation, quotes and line widths anew; here nothing is written but the
lines of the entries themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyve.project.conda.match_spec import MatchSpecTextError, parse_match_spec
from pyve.project.editing.editable_list import ListedEntry, find_sorted_place, refuse_edit
from pyve.project.editing.requirement_name import find_requirement_name
from pyve.project.editing.text_lines import line_of_offset
from pyve.project.editing.yaml_nodes import YamlNode, load_plain, read_nodes
from pyve.project.editing.yaml_sequence import YamlSequence, write_scalar

_BY_HAND = "edit it by hand, then: pyve sync"


@dataclass(frozen=True, kw_only=True)
class CondaList:
    """The conda packages of an environment.yml."""

    shown: str

    def list_entries(self, text: str) -> tuple[ListedEntry, ...]:
        """The packages, those behind a selector too."""
        section = find_dependencies(text, self.shown)
        entries = []
        for position, item in enumerate(section.items):
            value, condition = item, _selector_behind(text, item)
            if item.kind == "mapping" and len(item.entries) == 1 and item.entries[0][0].text.startswith("sel("):
                value, condition = item.entries[0][1], item.entries[0][0].text
            if value.kind == "scalar":
                entries.append(_entry(text, value, position, name=_name_of_spec(value.text), condition=condition))
        return tuple(entries)

    def insert(self, text: str, requirement: str, *, name: str | None) -> str:
        """In its place among sorted ones, else behind the last; before a `pip` that introduces the pip section."""
        section = find_dependencies(text, self.shown)
        entries = [entry for entry in self.list_entries(text) if section.items[entry.position].kind == "scalar"]
        place = find_sorted_place([entry.name or "" for entry in entries], name)
        if place is not None:
            at: int | None = entries[place].position
        else:
            at = _behind_packages(section, entries)
        return self._sequence(text, section).insert(write_scalar(requirement, entries, text=text), at=at)

    def replace(self, text: str, entry: ListedEntry, requirement: str) -> str:
        """Quoted as it was."""
        return text[: entry.start] + write_scalar(requirement, (entry,), text=text) + text[entry.end :]

    def remove(self, text: str, entry: ListedEntry) -> str:
        """With its line; a list that this empties becomes []."""
        return self._sequence(text, find_dependencies(text, self.shown)).remove(entry.position)

    def read_others(self, text: str) -> object:
        """The whole document, and of the list all that is no package."""
        document = load_plain(text)
        items = document.pop("dependencies", None) or []
        return document, [item for item in items if isinstance(item, dict) and not _is_selector(item)]

    def _sequence(self, text: str, section: YamlNode) -> YamlSequence:
        return YamlSequence(text=text, node=section, key_end=_end_of_key(text, self.shown), shown=self.shown)


@dataclass(frozen=True, kw_only=True)
class PipSection:
    """The pip section of an environment.yml of the project at `root`, which may lack it."""

    shown: str
    root: Path

    def list_entries(self, text: str) -> tuple[ListedEntry, ...]:
        """The requirements, without lines that hold options alone."""
        found = _find_pip(text, self.shown)
        if found is None:
            return ()
        entries = []
        for position, item in enumerate(found[1].items):
            stripped = item.text.strip()
            bare = stripped.removeprefix("-e ").removeprefix("--editable ").strip()
            if item.kind == "scalar" and bare and not bare.startswith("-"):
                name = find_requirement_name(bare, root=self.root, folder=self.root)
                condition = _selector_behind(text, item)
                entries.append(_entry(text, item, position, name=name, condition=condition))
        return tuple(entries)

    def insert(self, text: str, requirement: str, *, name: str | None) -> str:
        """As the last of the section, or in its place; a section that is not there is made, with pip itself."""
        found = _find_pip(text, self.shown)
        if found is None:
            return self._make_section(text, requirement)
        key, section, _ = found
        entries = self.list_entries(text)
        place = find_sorted_place([entry.name or "" for entry in entries], name)
        at = None if place is None else entries[place].position
        literal = write_scalar(requirement, entries, text=text)
        return YamlSequence(text=text, node=section, key_end=key.end + 1, shown=self.shown).insert(literal, at=at)

    def replace(self, text: str, entry: ListedEntry, requirement: str) -> str:
        """Quoted as it was."""
        return text[: entry.start] + write_scalar(requirement, (entry,), text=text) + text[entry.end :]

    def remove(self, text: str, entry: ListedEntry) -> str:
        """With its line; a section that this empties goes as a whole."""
        found = _find_pip(text, self.shown)
        assert found is not None, "an entry of a section that is there"
        key, section, position = found
        if len(section.items) > 1:
            sequence = YamlSequence(text=text, node=section, key_end=key.end + 1, shown=self.shown)
            return sequence.remove(entry.position)
        return self._outer(text).remove(position)

    def read_others(self, text: str) -> object:
        """The whole document without the section, and what it holds besides requirements; pip itself not counted."""
        document = load_plain(text)
        items = document.pop("dependencies", None) or []
        others = [item for item in items if not (isinstance(item, dict) and "pip" in item) and item != "pip"]
        sections = [item["pip"] or [] for item in items if isinstance(item, dict) and "pip" in item]
        lines = [line for section in sections for line in section if line.startswith("-") and line[:3] != "-e "]
        return document, others, lines

    def _make_section(self, text: str, requirement: str) -> str:
        has_pip = any(entry.name == "pip" for entry in CondaList(shown=self.shown).list_entries(text))
        if not has_pip:
            text = self._outer(text).insert("pip", at=None)
        return self._outer(text).insert_section("pip", write_scalar(requirement, (), text=text))

    def _outer(self, text: str) -> YamlSequence:
        section = find_dependencies(text, self.shown)
        return YamlSequence(text=text, node=section, key_end=_end_of_key(text, self.shown), shown=self.shown)


def find_dependencies(text: str, shown: str) -> YamlNode:
    """Return the list; an empty one where nothing stands behind its key.

    Raises ManifestInvalidError, and DeclarationNotEditableError for what is no list that could be changed.
    """
    found = read_nodes(text, shown).get("dependencies")
    if found is None:
        raise refuse_edit(shown, "has no `dependencies`", hint="add this line to it: dependencies: []")
    node = found[1]
    if node.kind == "scalar" and node.is_null:
        return YamlNode(kind="list", start=found[0].end + 1, end=found[0].end + 1)
    if node.kind != "list" or node.start < found[0].end:
        raise refuse_edit(shown, "has `dependencies` that are no list of their own", hint=_BY_HAND)
    return node


def _end_of_key(text: str, shown: str) -> int:
    """The offset behind the colon of `dependencies:`."""
    found = read_nodes(text, shown).get("dependencies")
    assert found is not None, "looked for before"
    return text.index(":", found[0].end) + 1


def _find_pip(text: str, shown: str) -> tuple[YamlNode, YamlNode, int] | None:
    """The key, the list and the position of the pip section; DeclarationNotEditableError where there are two."""
    found = []
    for position, item in enumerate(find_dependencies(text, shown).items):
        entry = item.get("pip")
        if entry is not None:
            found.append((*entry, position))
    if len(found) > 1:
        raise refuse_edit(shown, "has two pip sections", hint="join them into one")
    if not found:
        return None
    key, value, position = found[0]
    if value.kind == "scalar" and value.is_null:
        return key, YamlNode(kind="list", start=key.end + 1, end=key.end + 1), position
    if value.kind != "list" or value.start < key.end:
        raise refuse_edit(shown, "has a pip section that is no list of its own", hint=_BY_HAND)
    return key, value, position


def _entry(text: str, node: YamlNode, position: int, *, name: str | None, condition: str) -> ListedEntry:
    return ListedEntry(
        name=name,
        requirement=node.text.strip(),
        line=line_of_offset(text, node.start),
        position=position,
        start=node.start,
        end=node.end,
        condition=condition,
    )


def _name_of_spec(text: str) -> str | None:
    try:
        return parse_match_spec(text).name
    except MatchSpecTextError:
        return None


def _selector_behind(text: str, node: YamlNode) -> str:
    """`[win]` of `pywin32  # [win]`, empty where none stands there."""
    rest = text[node.end : node.end + 400].splitlines()[:1]
    comment = rest[0].partition("#")[2].strip() if rest else ""
    return comment if comment.startswith("[") and "]" in comment else ""


def _behind_packages(section: YamlNode, entries: Sequence[ListedEntry]) -> int | None:
    """The position before which a new package comes when they are not sorted; None: behind all."""
    if not entries:
        return 0 if section.items else None
    last = entries[-1]
    following = last.position + 1
    if following < len(section.items):
        return last.position if last.requirement == "pip" else following
    return None


def _is_selector(item: dict[str, object]) -> bool:
    return len(item) == 1 and next(iter(item)).startswith("sel(")
