"""Rows of a lock for the packages that were found for one platform."""

from collections.abc import Iterable, Mapping

from pyve.errors.lock import RequirementUnhashableError
from pyve.lockers.conda_lock_text import MAIN, LockedRow
from pyve.lockers.rattler.platform_solve import SolvedPlatform
from pyve.project.conda.content_hash import lock_version_of
from pyve.project.conda.match_spec import MatchSpecTextError, parse_match_spec
from pyve.project.conda.package import CondaPackage
from pyve.project.conda.package_url import strip_url_secrets


def make_conda_rows(solved: SolvedPlatform, *, category: str) -> tuple[LockedRow, ...]:
    """One row for each package. Raises RequirementUnhashableError where a channel does not give its md5.

    As in conda-lock, what pip needs is in the category main as soon as there is a pip section.
    """
    dependencies = {package.name: list_dependencies(package.depends) for package in solved.packages}
    in_main = _reach("pip", dependencies) if solved.request.has_pip else frozenset()
    return tuple(
        LockedRow(
            manager="conda",
            name=package.name,
            version=package.version,
            platform=solved.platform,
            url=strip_url_secrets(package.url),
            dependencies=dependencies[package.name],
            md5=_md5_of(package),
            sha256=package.sha256,
            category=MAIN if package.name in in_main else category,
        )
        for package in solved.packages
    )


def list_dependencies(depends: Iterable[str]) -> Mapping[str, str]:
    """Name -> version of MatchSpecs as conda-lock writes them: without builds, empty for any version."""
    found: dict[str, list[str]] = {}
    for text in depends:
        try:
            spec = parse_match_spec(text)
        except MatchSpecTextError:  # of a channel that is not as careful; the name is what readers of a lock need
            name, _, version = text.strip().partition(" ")
            found.setdefault(name.lower(), []).append(version.strip())
        else:
            found.setdefault(spec.name, []).append(lock_version_of(spec))
    return {name: ",".join(sorted(filter(None, set(versions)))) for name, versions in found.items()}


def _reach(name: str, dependencies: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
    """The package and all that it needs."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in dependencies and one not in found:
            found.add(one)
            waiting += dependencies[one]
    return frozenset(found)


def _md5_of(package: CondaPackage) -> str:
    if package.md5 is None:
        channel = strip_url_secrets(package.url.rsplit("/", 2)[0])
        raise RequirementUnhashableError(
            f"The channel {channel} gives no md5 for {package.file_name}, and a conda-lock.yml cannot do without.",
            hint="ask who runs the channel to have it indexed anew (conda index)",
        )
    return package.md5
