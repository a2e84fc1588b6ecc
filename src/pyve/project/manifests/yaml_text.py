"""YAML files as values with their lines, and failures that name file, line and column."""

import contextlib
from dataclasses import dataclass, field, replace
from typing import Any

from pyve.errors import ManifestInvalidError
from pyve.project.manifests.manifest_text import find_conflict_marker
from pyve.project.manifests.toml_text import refuse_conflict
from pyve.project.manifests.yaml_value import YamlList, YamlMapping, YamlScalar, YamlValue

# What ruamel.yaml lets through for texts that it cannot make anything of.
_VALUE_FAILURES = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, AssertionError)
_TAGS = "tag:yaml.org,2002:"


def read_yaml_mapping(text: str, shown: str, *, hint: str) -> YamlMapping:
    """Return the keys and values that the YAML text of the file called `shown` holds.

    Raises ManifestInvalidError with line and column; `hint` is what the file should look like.
    """
    conflict = find_conflict_marker(text)
    if conflict:
        raise refuse_conflict(shown, conflict, text)
    value = parse_yaml(text, shown)
    if isinstance(value, YamlMapping):
        return value
    kind = "a list" if isinstance(value, YamlList) else "one value"
    if value is None or (isinstance(value, YamlScalar) and value.kind == "null"):
        kind = "empty"
    raise ManifestInvalidError(
        f"{shown}:{value.line if value else 1}: this file is {kind}; it must hold keys and values.", hint=hint
    )


def parse_yaml(text: str, shown: str, *, pure: bool = False) -> YamlValue | None:
    """Return the one document of a YAML text, None where there is none; ManifestInvalidError with line and column.

    Read by libyaml where it is there, a fifth of the time for a long lock; what it does not take, and with `pure`
    everything, is read by ruamel's own parser, whose words say more.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if not pure:
        with contextlib.suppress(YAMLError, ManifestInvalidError, *_VALUE_FAILURES):
            return _read(YAML(typ="safe"), text, shown)
    try:
        return _read(YAML(typ="safe", pure=True), text, shown)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{shown}:{mark.line + 1}:{mark.column + 1}" if mark else shown
        problem = " ".join(str(error.problem or error.context or "it cannot be parsed").split())
        if mark and not text[mark.index :].strip():
            problem += "; the file ends there, as if it were cut off"
        raise ManifestInvalidError(
            f"{place}: this is not valid YAML: {problem}.",
            hint=_guess_cause(problem) or "correct the file at that place",
        ) from error
    except (YAMLError, *_VALUE_FAILURES) as error:
        known = isinstance(error, YAMLError) and str(error)
        reason = str(error).splitlines()[0] if known else "a value in it cannot be read"
        raise ManifestInvalidError(f"{shown}: this is not valid YAML: {reason}.", hint="correct the file") from error


def _read(yaml: Any, text: str, shown: str) -> YamlValue | None:
    yaml.composer.warn_double_anchors = False  # YAML 1.2 allows them, and a warning would go to stderr as it is
    node = yaml.compose(text)
    return _Conversion(shown=shown).convert(node) if node is not None else None


def _guess_cause(problem: str) -> str | None:
    if "'\\t'" in problem:
        return "indent with spaces: YAML takes no tabs"
    if "expected <block end>" in problem:
        return "begin the entries of one list, and the keys beside each other, at the same depth"
    if "mapping values are not allowed" in problem:
        return "give each key its own line, at the depth of its neighbours; quote a text that holds ': '"
    return None


@dataclass(kw_only=True)
class _Conversion:
    """From ruamel's nodes to values. An anchor's value is converted once, however often it is used."""

    shown: str
    done: dict[int, YamlValue] = field(default_factory=dict)
    open_nodes: set[int] = field(default_factory=set)

    def convert(self, node: Any) -> YamlValue:
        if id(node) in self.done:
            return self.done[id(node)]
        if id(node) in self.open_nodes:
            raise self.refuse(node, "a value holds itself", hint="take the * that leads back out")
        self.open_nodes.add(id(node))
        self.done[id(node)] = value = self._convert_new(node)
        self.open_nodes.discard(id(node))
        return value

    def _convert_new(self, node: Any) -> YamlValue:
        line, tag, kind = node.start_mark.line + 1, str(node.tag), type(node).__name__
        if kind == "ScalarNode":
            last = node.end_mark.line + 1 if not node.style else line  # None, or empty from libyaml
            return YamlScalar(text=node.value, kind=tag.removeprefix(_TAGS), line=line, last_line=last)
        if tag not in {f"{_TAGS}seq", f"{_TAGS}map"}:
            raise self.refuse(node, f"the tag {tag.removeprefix(_TAGS)!r} has no meaning here", hint="take the tag out")
        if kind == "SequenceNode":
            return YamlList(items=tuple([self.convert(item) for item in node.value]), line=line)
        return YamlMapping(entries=tuple(self._convert_entries(node)), line=line)

    def _convert_entries(self, node: Any) -> list[tuple[YamlScalar, YamlValue]]:
        own: dict[str, tuple[YamlScalar, YamlValue]] = {}
        merged: dict[str, tuple[YamlScalar, YamlValue]] = {}
        for key_node, value_node in node.value:
            key = self.convert(key_node)
            if not isinstance(key, YamlScalar):
                raise self.refuse(key_node, "a key must be a text", hint="quote the key")
            if key.kind == "merge":
                for entry in self._merge(value_node):
                    merged.setdefault(entry[0].text, entry)
                continue
            if key.text in own:
                raise self.refuse(
                    key_node,
                    f"the key {key.text!r} stands twice, first on line {own[key.text][0].line}",
                    hint="put both under one key",
                )
            value = self.convert(value_node)
            if isinstance(value, YamlScalar) and not value.text:  # where nothing stands, ruamel marks what follows
                value = replace(value, line=key.line, last_line=key.line)
            own[key.text] = (key, value)
        return [*own.values(), *(entry for name, entry in merged.items() if name not in own)]

    def _merge(self, node: Any) -> list[tuple[YamlScalar, YamlValue]]:
        """`<<: *anchor`, of one mapping or of several, of which the first wins."""
        value = self.convert(node)
        found: list[tuple[YamlScalar, YamlValue]] = []
        for one in value.items if isinstance(value, YamlList) else (value,):
            if not isinstance(one, YamlMapping):
                raise self.refuse(node, "<< merges keys and values only", hint="name an anchor that holds them")
            found += one.entries
        return found

    def refuse(self, node: Any, problem: str, *, hint: str) -> ManifestInvalidError:
        mark = node.start_mark
        return ManifestInvalidError(
            f"{self.shown}:{mark.line + 1}:{mark.column + 1}: this is not valid YAML: {problem}.", hint=hint
        )
