"""Installing from wheels alone: what an installer is told, what it would build all the same, and what it then says."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pyve.engines.installation import InstallRequest
from pyve.errors.lock import WheelMissingError
from pyve.project.credentials import strip_credentials
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.toml_text import parse_toml
from pyve.project.requirement import IndexOptions, Requirement

# For uv and pip. On the command line they outrank what variables and configuration except from it.
WHEELS_ONLY = ("--no-binary", ":none:", "--only-binary", ":all:")

_SAID = re.compile(
    r"Wheels are required for `([^`]+)`"
    r"|Package `([^`]+)` can't be installed because it is marked as `--no-build`"
    r"|Building source distributions is disabled, but attempted to build `([^`]+)`"
    r"|No sources permitted for (\S+)"
)
_UNFOUND_BY_PIP = re.compile(r"No matching distribution found for ([A-Za-z0-9][A-Za-z0-9._-]*)")
_NOT_BY_NAME = re.compile(r"^(?:[\w.-]+(?:\[[^\]]*\])? @ )?((?:[a-z+]+:|[./]).*?)(?: ; .*)?$", re.IGNORECASE)


def forbid_builds(options: IndexOptions) -> IndexOptions:
    """The options without what asks for a build."""
    return replace(options, only_binary=(":all:",), no_binary=())


def find_unbuilt(output: str, *, wheels_only: bool) -> str | None:
    """The name of the package that an installer would have had to build and was not allowed to.

    pip says no more than that nothing fits: `wheels_only` tells why that may be.
    """
    found = _SAID.search(output)
    if found is None and wheels_only:
        found = _UNFOUND_BY_PIP.search(output)
    return next(filter(None, found.groups())) if found else None


def refuse_builds(request: InstallRequest) -> None:
    """Raise WheelMissingError for what pip builds whatever it is told: directories, archives, repositories."""
    for requirement in request.requirements.requirements:
        if _is_built(requirement):
            raise _refuse(requirement.name or strip_credentials(requirement.line), requirement.origin)
    if request.lock_file is not None:
        for name in _list_built(request.lock_file):
            raise _refuse(name, request.lock_file.name)


def _list_built(lock: Path) -> Iterator[str]:
    """The packages of a pylock.toml that lie in a directory, a repository or an archive; sdists pip refuses itself."""
    for package in parse_toml(read_manifest_bytes(lock).decode("utf-8-sig")).get("packages", ()):
        directory, archive = package.get("directory", {"editable": True}), package.get("archive", {})
        place = archive.get("url") or archive.get("path") or ".whl"
        if "vcs" in package or not directory.get("editable") or not place.endswith(".whl"):
            yield str(package.get("name"))


def _is_built(requirement: Requirement) -> bool:
    found = _NOT_BY_NAME.match(requirement.line)
    if found is None:
        return False
    place = found[1]
    if requirement.editable:
        return "+" in place.partition(":")[0]  # a repository is fetched; a directory is the user's own
    return not place.partition("#")[0].partition("?")[0].endswith(".whl")


def _refuse(name: str, origin: str) -> WheelMissingError:
    return WheelMissingError(
        f"{origin}: {name} would be built, and --only-binary lets nothing be built from source.",
        hint="leave --only-binary out, or name a wheel",
    )
