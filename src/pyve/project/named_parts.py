"""Extras and dependency groups: which of them count, and the requirements they stand for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyve.errors import ExtraUnknownError, GroupUnknownError
from pyve.project.manifests.dependency_groups import Entry
from pyve.project.manifests.legacy_setup import LegacySetup
from pyve.project.manifests.pylock_toml import PylockToml
from pyve.project.manifests.pyproject_toml import PyprojectToml
from pyve.project.nearest_name import find_nearest_name
from pyve.project.package_name import normalise_name

DEFAULT_GROUP = "dev"


@dataclass(frozen=True, kw_only=True)
class NamedParts:
    """The extras and groups in effect, normalised; those that a lock file itself offers are in `lock_...` too."""

    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    lock_extras: tuple[str, ...] = ()
    lock_groups: tuple[str, ...] = ()
    group_entries: tuple[Entry, ...] = ()
    extra_entries: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Declarers:
    """The files that name extras and groups; `file_groups` are groups by the name of a requirements file."""

    pyproject: PyprojectToml | None
    legacy: LegacySetup
    lock: PylockToml | None
    file_groups: tuple[str, ...] = ()


def choose_parts(
    declarers: Declarers, *, extras: Iterable[str], groups: Iterable[str], include_dev: bool
) -> NamedParts:
    """Return the asked-for parts and, with `include_dev`, the group `dev` where it is declared.

    Raises ExtraUnknownError or GroupUnknownError with the nearest declared name.
    """
    pyproject, lock = declarers.pyproject, declarers.lock
    groups_there = dict(pyproject.groups) if pyproject else {}
    extras_there = dict(pyproject.optional_dependencies) if pyproject else {}
    lock_groups = {*lock.groups, *lock.default_groups} if lock else set()
    lock_extras = set(lock.extras) if lock else set()
    known_groups, known_extras = {*groups_there, *lock_groups}, {*extras_there, *lock_extras}
    offered_groups = {*known_groups, *declarers.file_groups}
    wanted_groups = [normalise_name(group) for group in groups]
    wanted_extras = [normalise_name(extra) for extra in extras]
    for group in wanted_groups:
        if group not in offered_groups:
            raise GroupUnknownError(
                f"This project declares no dependency group {group!r}.",
                hint=_suggest(group, offered_groups, others=known_extras, kinds=("group", "extra")),
            )
    for extra in wanted_extras:
        if extra not in known_extras and not _may_have_more_extras(declarers):
            raise ExtraUnknownError(
                f"This project declares no extra {extra!r}.",
                hint=_suggest(extra, known_extras, others=offered_groups, kinds=("extra", "group")),
            )
    if include_dev and DEFAULT_GROUP in known_groups:
        wanted_groups.append(DEFAULT_GROUP)
    defaults = [group for group in lock.default_groups if include_dev or group != DEFAULT_GROUP] if lock else []
    effective_groups = tuple(dict.fromkeys((*wanted_groups, *defaults)))
    effective_extras = tuple(dict.fromkeys(wanted_extras))
    return NamedParts(
        extras=effective_extras,
        groups=effective_groups,
        lock_extras=tuple(extra for extra in effective_extras if extra in lock_extras),
        lock_groups=tuple(group for group in effective_groups if group in lock_groups),
        group_entries=tuple(
            entry for group in effective_groups if group not in lock_groups for entry in groups_there.get(group, ())
        ),
        extra_entries=extras_there,
    )


def expand_own_extras(
    entries: Iterable[Entry], *, name: str | None, extra_entries: Mapping[str, tuple[Entry, ...]]
) -> list[Entry]:
    """Replace every `thisproject[extra]` by what the extra holds: no index knows the project.

    A reference to the project with a marker is expanded without it, and one without extras goes.
    """
    expanded: list[Entry] = []
    waiting, seen = list(entries), set[str]()
    while waiting:
        entry = waiting.pop(0)
        found = re.match(r"^\s*([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?\s*(?:;|$)", entry.text)
        if name is None or not found or normalise_name(found[1]) != name:
            expanded.append(entry)
            continue
        for extra in map(normalise_name, filter(None, re.split(r"[\s,]+", found[2] or ""))):
            if extra not in seen:
                seen.add(extra)
                waiting += extra_entries.get(extra, ())
    return expanded


def _may_have_more_extras(declarers: Declarers) -> bool:
    """True where the build system may know extras that no file shows without running it."""
    if declarers.pyproject is None or not declarers.pyproject.has_project:
        has_build_system = declarers.pyproject is not None and declarers.pyproject.has_build_system
        return has_build_system or declarers.legacy.source is not None
    return "optional-dependencies" in declarers.pyproject.dynamic


def _suggest(name: str, known: Iterable[str], *, others: Iterable[str], kinds: tuple[str, str]) -> str:
    kind, other_kind = kinds
    if name in others:
        return f"{name} is an {other_kind}: --{other_kind} {name}" if other_kind[0] == "e" else f"--{other_kind} {name}"
    nearest = find_nearest_name(name, known)
    if nearest:
        return f"did you mean: --{kind} {nearest}"
    names = ", ".join(sorted(known))
    return f"declared are: {names}" if names else f"declare it in pyproject.toml, or leave --{kind} {name} out"
