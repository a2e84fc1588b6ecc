"""The [dependency-groups] table of pyproject.toml (PEP 735)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyve.errors import ManifestInvalidError
from pyve.project.manifests.manifest_text import find_line
from pyve.project.manifests.toml_text import refuse_value
from pyve.project.package_name import normalise_name


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One requirement as written in pyproject.toml; `origin` is `file:line`, or the file where no line is found."""

    text: str
    origin: str


def read_groups(table: Mapping[str, Any], shown: str, text: str) -> dict[str, tuple[Entry, ...]]:
    """Return every group by its normalised name, includes resolved; ManifestInvalidError for one that is wrong."""
    if not table:
        return {}
    from packaging.dependency_groups import DependencyGroupResolver
    from packaging.errors import ExceptionGroup

    header = find_line(text, r"^\s*\[\s*dependency-groups\b") or 0
    groups: dict[str, tuple[Entry, ...]] = {}
    group = next(iter(table))
    try:
        resolver = DependencyGroupResolver(table)
        written = _find_entries(table, shown, text, header)
        for group in table:
            groups[normalise_name(group)] = tuple(
                written.get(str(one), Entry(text=str(one), origin=shown)) for one in resolver.resolve(group)
            )
    except ExceptionGroup as error:
        raise _refuse(error.exceptions[0], group, shown, text, header) from error
    except RecursionError as error:
        raise refuse_value(shown, header or None, "[dependency-groups] include each other too deeply.") from error
    return groups


def _find_entries(table: Mapping[str, Any], shown: str, text: str, header: int) -> dict[str, Entry]:
    """Return the entries as written by their normalised text: packaging gives back only the latter."""
    from packaging.requirements import InvalidRequirement, Requirement

    found: dict[str, Entry] = {}
    for values in table.values():
        for value in values if isinstance(values, list) else ():
            if not isinstance(value, str):
                continue
            try:
                canonical = str(Requirement(value))
            except InvalidRequirement:
                continue  # the resolver reports it
            line = find_line(text, re.escape(value), after=max(header - 1, 0))
            found.setdefault(canonical, Entry(text=value, origin=f"{shown}:{line}" if line else shown))
    return found


def _refuse(error: Exception, group: str, shown: str, text: str, header: int) -> ManifestInvalidError:
    from packaging.dependency_groups import CyclicDependencyGroup, DuplicateGroupNames
    from packaging.requirements import InvalidRequirement

    line = find_line(text, rf"""^\s*["']?{re.escape(group)}["']?\s*=""", after=header) or header or None
    if isinstance(error, CyclicDependencyGroup):
        message = f"the groups {error.group!r} and {error.include_group!r} of [dependency-groups] include each other."
        return refuse_value(shown, line, message, hint="remove one of the include-group entries")
    if isinstance(error, DuplicateGroupNames):
        return refuse_value(shown, header or None, f"{_sentence(error)}.", hint="rename one of them")
    if isinstance(error, InvalidRequirement):
        reason = str(error).splitlines()[0].rstrip(".")
        message = f"an entry of the group {group!r} is not a requirement: {reason}."
        return refuse_value(shown, line, message, hint="write it as: name>=1.2")
    if isinstance(error, LookupError):
        missing = re.search(r"'([^']*)'", str(error))
        name = missing[1] if missing else str(error)
        line = find_line(text, rf"include-group.*{re.escape(name)}", after=header) or line
        message = f"the group {group!r} includes {name!r}, which is not a group of [dependency-groups]."
        return refuse_value(shown, line, message, hint="correct the name, or add the group")
    return refuse_value(
        shown, line, f"[dependency-groups] is wrong: {_sentence(error)}.", hint='write a group as: dev = ["pytest"]'
    )


def _sentence(error: Exception) -> str:
    text = str(error).splitlines()[0].rstrip(".")
    return text[:1].lower() + text[1:]
