"""Where the values of a YAML text begin and end in it."""

from dataclasses import dataclass, field
from typing import Any

from pyve.project.editing.editable_list import refuse_edit
from pyve.project.manifests.yaml_text import parse_yaml


@dataclass(frozen=True, kw_only=True)
class YamlNode:
    """One value: `kind` is "scalar", "list" or "mapping"; `start` and `end` are offsets.

    `items` are those of a list; `entries` the keys and values of a mapping. `text` is a scalar's, `is_null` True of one
    that says nothing. An alias is of the kind "alias": what it leads to stands elsewhere.
    """

    kind: str
    start: int
    end: int
    is_flow: bool = False
    text: str = ""
    is_null: bool = False
    items: "tuple[YamlNode, ...]" = ()
    entries: "tuple[tuple[YamlNode, YamlNode], ...]" = field(default=())

    def get(self, key: str) -> "tuple[YamlNode, YamlNode] | None":
        """The entry of a key."""
        return next((entry for entry in self.entries if entry[0].text == key), None)


def read_nodes(text: str, shown: str) -> YamlNode:
    """Return the mapping that a YAML text holds; what is wrong with it is told as for every reader of it.

    Raises ManifestInvalidError, and DeclarationNotEditableError for what holds no mapping.
    """
    from ruamel.yaml import YAML

    parse_yaml(text, shown)  # for its failures
    yaml: Any = YAML(typ="safe", pure=True)
    node = _convert(yaml.compose(text), set()) if text.strip() else None
    if node is None or node.kind != "mapping":
        raise refuse_edit(shown, "does not hold keys and values", hint="dependencies:\n  - python")
    return node


def load_plain(text: str) -> Any:
    """What a YAML text says, as plain values, every scalar as it is written."""
    from ruamel.yaml import YAML

    yaml: Any = YAML(typ="safe", pure=True)
    return _plain(yaml.compose(text))


def _plain(node: Any) -> Any:
    if node is None or isinstance(node.value, str):
        return None if node is None else node.value
    if type(node).__name__ == "SequenceNode":
        return [_plain(item) for item in node.value]
    return {str(_plain(key)): _plain(value) for key, value in node.value}


def _convert(node: Any, seen: set[int]) -> YamlNode | None:
    if node is None:
        return None
    start, end = node.start_mark.index, node.end_mark.index
    kind = type(node).__name__
    if kind == "ScalarNode":
        is_null = str(node.tag) == "tag:yaml.org,2002:null"
        return YamlNode(kind="scalar", start=start, end=end, text=node.value, is_null=is_null)
    if id(node) in seen:  # an alias: what it leads to stands elsewhere
        return YamlNode(kind="alias", start=start, end=end)
    seen.add(id(node))
    flow = bool(node.flow_style)
    if kind == "SequenceNode":
        items = tuple(filter(None, (_convert(item, seen) for item in node.value)))
        return YamlNode(kind="list", start=start, end=end, is_flow=flow, items=items)
    entries = []
    for key, value in node.value:
        pair = _convert(key, seen), _convert(value, seen)
        if pair[0] is not None and pair[1] is not None:
            entries.append((pair[0], pair[1]))
    return YamlNode(kind="mapping", start=start, end=end, is_flow=flow, entries=tuple(entries))
