"""What a lock holds of one package of a pip section: one file, or one commit, with its hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyve.errors import ResolutionFailedError
from pyve.errors.lock import RequirementUnhashableError
from pyve.lockers.rattler.file_choice import choose_wheel
from pyve.project.conda.package_url import strip_url_secrets

if TYPE_CHECKING:
    from packaging.pylock import Package
    from packaging.tags import Tag


@dataclass(frozen=True, kw_only=True)
class LockedFile:
    """What is locked of one package; `is_source`: it has to be built."""

    url: str
    sha256: str
    source: str | None = None
    is_source: bool = False


def choose_file(package: "Package", tags: "tuple[Tag, ...]") -> LockedFile:
    """The commit of a repository, the archive at a URL, or of an index's files the one that fits `tags` best."""
    if package.vcs is not None:
        # As conda-lock writes it: the commit stands in the URL, and in the place of the hash.
        subdirectory = f"#subdirectory={package.vcs.subdirectory}" if package.vcs.subdirectory else ""
        place = strip_url_secrets(package.vcs.url or "")
        url = f"{package.vcs.type}+{place}@{package.vcs.commit_id}{subdirectory}"
        return LockedFile(url=url, sha256=package.vcs.commit_id, source=url)
    if package.archive is not None:
        url = strip_url_secrets(package.archive.url or "")
        return LockedFile(url=url, sha256=_sha256(package.name, url, package.archive.hashes), source=url)
    wheel = choose_wheel(package.wheels or (), tags)
    file = wheel or package.sdist
    if file is None:
        raise ResolutionFailedError(
            f"No file of {package.name} {package.version} fits, and its source is not there either.",
            hint=f"ask for another version, or only where there is one: {package.name} ; sys_platform == 'linux'",
        )
    url = strip_url_secrets(file.url or "").partition("#")[0]
    return LockedFile(url=url, sha256=_sha256(package.name, url, file.hashes), is_source=wheel is None)


def _sha256(name: str, url: str, hashes: Mapping[str, str]) -> str:
    found = hashes.get("sha256")
    if found is None:
        raise RequirementUnhashableError(
            f"There is no SHA-256 for {name} ({url}), and a lock cannot do without.",
            hint="take it from an index that has one",
        )
    return found
