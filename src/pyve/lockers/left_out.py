"""Requirements that a lock does not hold, because their markers hold nowhere that it is made for."""

import re
from collections.abc import Iterable, Iterator, Mapping

from pyve.lockers.locker import LockPython
from pyve.project.locking.platform_markers import PYTHON_PLATFORMS, marker_environment
from pyve.project.requirement import Requirement

_MARKER = re.compile(r"(?:\s;\s*|;\s+|(?<=[\w\])]);)(.+)$")
_VERSIONS = ("2.7.18", *(f"3.{minor}.{patch}" for minor in range(30) for patch in (0, 1, 5, 10, 20)))


def tell_left_out(requirements: Iterable[Requirement], platforms: tuple[str, ...], python: LockPython) -> Iterator[str]:
    """Give a sentence for each requirement whose marker excludes every platform, or every Python, of the lock."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    marked = [(one, found[1]) for one in requirements if (found := _MARKER.search(one.line))]
    if not marked or not platforms:
        return
    try:
        accepted = SpecifierSet(python.specifier or f">={python.oldest}")
        versions = [one for one in _VERSIONS if accepted.contains(one, prereleases=True)] or [python.oldest]
    except InvalidSpecifier:
        versions = [python.oldest]
    here = list(_environments(platforms, versions))
    on_any_python = list(_environments(platforms, _VERSIONS))
    for one, marker in marked:
        if _holds(marker, here):
            continue
        what = one.line.partition(";")[0].strip()
        where = f"Python {python.specifier or python.oldest}"
        if not _holds(marker, on_any_python):
            where = ", ".join(platforms)
        yield f"{one.origin}: {what} is not in the lock: its marker ({marker.strip()}) holds nowhere on {where}"


def _environments(platforms: Iterable[str], versions: Iterable[str]) -> Iterator[Mapping[str, str]]:
    for platform in platforms:
        if platform not in PYTHON_PLATFORMS:
            continue
        for version in versions:
            environment = dict(marker_environment(platform, version))
            yield environment
            yield {**environment, "implementation_name": "pypy", "platform_python_implementation": "PyPy"}


def _holds(marker: str, environments: Iterable[Mapping[str, str]]) -> bool:
    from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName

    try:
        parsed = Marker(marker)
        return any(parsed.evaluate(dict(one)) for one in environments)
    except (InvalidMarker, UndefinedEnvironmentName):
        return True  # not ours to judge
