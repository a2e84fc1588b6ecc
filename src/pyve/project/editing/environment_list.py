"""The `dependencies` of an environment.yml, and conda's packages among them, changed line by line.

A round trip through a YAML library would set indentation, quotes and line widths anew; here nothing is written but the
lines of the entries themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pyve.project.conda.match_spec import MatchSpecTextError, parse_match_spec
from pyve.project.editing.editable_list import ListedEntry, find_sorted_place, refuse_edit
from pyve.project.editing.text_lines import line_of_offset
from pyve.project.editing.yaml_nodes import YamlNode, load_plain, read_nodes
from pyve.project.editing.yaml_sequence import YamlSequence, write_scalar


@dataclass(frozen=True, kw_only=True)
class CondaList:
    """The conda packages of an environment.yml."""

    shown: str

    def list_entries(self, text: str) -> tuple[ListedEntry, ...]:
        """The packages, those behind a selector too."""
        section = find_dependencies(text, self.shown)
        entries = []
        for position, item in enumerate(section.items):
            value, condition = item, find_selector(text, item)
            if item.kind == "mapping" and len(item.entries) == 1 and item.entries[0][0].text.startswith("sel("):
                value, condition = item.entries[0][1], item.entries[0][0].text
            if value.kind == "scalar":
                entries.append(make_entry(text, value, position, name=_name_of_spec(value.text), condition=condition))
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
        return YamlSequence(text=text, node=section, key_end=find_end_of_key(text, self.shown), shown=self.shown)


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
        raise refuse_edit(shown, "has `dependencies` that are no list of their own")
    return node


def find_end_of_key(text: str, shown: str) -> int:
    """Return the offset behind the colon of `dependencies:`."""
    found = read_nodes(text, shown).get("dependencies")
    assert found is not None, "looked for before"
    return text.index(":", found[0].end) + 1


def make_entry(text: str, node: YamlNode, position: int, *, name: str | None, condition: str) -> ListedEntry:
    """Return the entry that `node` of a list is, `position` counting the items of that list."""
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


def find_selector(text: str, node: YamlNode) -> str:
    """Return `[win]` of `pywin32  # [win]`, empty where none stands there."""
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
