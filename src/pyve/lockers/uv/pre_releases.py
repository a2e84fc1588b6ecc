"""Pre-releases in a lock that nobody asked for by name: taken because nothing else fits."""

from collections.abc import Iterable, Iterator

from pyve.project.requirement import Requirement


def tell_pre_releases(pins: Iterable[tuple[str, str]], requirements: Iterable[Requirement]) -> Iterator[str]:
    """Give a sentence for each such pin; `pins` are names, normalised, with their versions."""
    from packaging.version import InvalidVersion, Version

    asked = {one.name for one in requirements if _asks_for_one(one)}
    for name, version in sorted(set(pins)):
        try:
            is_pre_release = Version(version).is_prerelease
        except InvalidVersion:
            continue
        if is_pre_release and name not in asked:
            yield f"{name} {version} is a pre-release; no other version of it fits"


def _asks_for_one(requirement: Requirement) -> bool:
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    try:
        return bool(Parsed(requirement.line).specifier.prereleases)
    except InvalidRequirement:
        return False
