"""The versions of a pylock.toml as constraints: what is installed beside a lock may not replace what it holds."""

import re
from collections.abc import Iterable, Mapping

from pyve.project.requirement import Requirement

# Only the lock's own installer knows these (PEP 751); no requirements file may hold them.
_OF_LOCKS = re.compile(r"\b(?:extras|dependency_groups)\b")


def constrain_to_lock(packages: Iterable[Mapping[str, object]], *, origin: str) -> tuple[Requirement, ...]:
    """One constraint for each locked package with a version; `packages` are as PylockToml.canonical_form gives them.

    Versions that only extras or groups of the lock tell apart constrain nothing: which one is in cannot be said here.
    """
    pins: dict[str, dict[str, str]] = {}  # name -> marker -> version
    ambiguous = set()
    for package in packages:
        name, version, marker = package.get("name"), package.get("version"), package.get("marker") or ""
        if not isinstance(name, str) or not isinstance(version, str) or not isinstance(marker, str):
            continue
        shown = "" if _OF_LOCKS.search(marker) else marker
        known = pins.setdefault(name, {})
        if known.get(shown, version) != version:
            ambiguous.add(name)
        known[shown] = version
    return tuple(
        _constraint(name, version, marker, origin)
        for name, versions in pins.items()
        if name not in ambiguous
        for marker, version in versions.items()
    )


def _constraint(name: str, version: str, marker: str, origin: str) -> Requirement:
    line = f"{name}=={version}" + (f" ; {marker}" if marker else "")
    return Requirement(line=line, canonical=line, origin=origin, name=name)
