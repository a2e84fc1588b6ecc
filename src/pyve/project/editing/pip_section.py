"""The pip section of an environment.yml: what pip installs into a conda environment, changed line by line."""

from dataclasses import dataclass
from pathlib import Path

from pyve.project.editing.editable_list import ListedEntry, find_sorted_place, refuse_edit
from pyve.project.editing.environment_list import (
    CondaList,
    find_dependencies,
    find_end_of_key,
    find_selector,
    make_entry,
)
from pyve.project.editing.requirement_name import find_requirement_name
from pyve.project.editing.yaml_nodes import YamlNode, load_plain
from pyve.project.editing.yaml_sequence import YamlSequence, write_scalar


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
                condition = find_selector(text, item)
                entries.append(make_entry(text, item, position, name=name, condition=condition))
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
        return YamlSequence(text=text, node=section, key_end=find_end_of_key(text, self.shown), shown=self.shown)


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
        raise refuse_edit(shown, "has a pip section that is no list of its own")
    return key, value, position
