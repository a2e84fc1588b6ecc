"""@EXPLICIT lists: URLs of packages, one on each line, which are linked as they are (CEP 23)."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyve.errors import ManifestInvalidError
from pyve.project.conda.package import CondaPackage
from pyve.project.conda.package_url import package_of_url, strip_url_secrets
from pyve.project.conda.subdir import NOARCH, SUBDIRS
from pyve.project.invisible_text import has_invisible
from pyve.project.manifest import EXPLICIT_MARK, read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_utf8, find_conflict_marker, show_path
from pyve.project.manifests.toml_text import refuse_conflict

_PLATFORM = re.compile(r"^#\s*platform:\s*(\S+)")
_HASH = re.compile(r"^(?:(?P<md5>[0-9a-f]{32})|(?:sha256:)?(?P<sha256>[0-9a-f]{64}))$", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(?:(?P<plain>\w+)|\{(?P<braced>[^{}]+)\})", re.ASCII)
_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+://")
_WRITE_LIST = "make the list with: conda list --explicit --sha256"


@dataclass(frozen=True, kw_only=True)
class ExplicitList:
    """The packages of a list in its order. `platform` is its subdir, None where all packages are noarch or local."""

    path: Path
    packages: tuple[CondaPackage, ...]
    platform: str | None
    notes: tuple[str, ...]


def read_explicit_list(path: Path, *, root: Path, environment: Mapping[str, str]) -> ExplicitList:
    """Read `path`; ManifestInvalidError names file and line of what is no package.

    Relative paths start from `root`: the CEP says from the working directory, which is not the same at every call.
    """
    shown = show_path(path, root)
    text = decode_utf8(read_manifest_bytes(path), path)
    conflict = find_conflict_marker(text)
    if conflict:
        raise refuse_conflict(shown, conflict, text)
    lines = [line.strip() for line in text.split("\n")]
    if EXPLICIT_MARK not in lines:
        told = "this file is empty" if not text.strip() else f"there is no line {EXPLICIT_MARK} in this file"
        raise ManifestInvalidError(f"{shown}:1: {told}, so it is no list of packages to link.", hint=_WRITE_LIST)
    reading = _Reading(shown=shown, root=root, environment=environment)
    for number, line in enumerate(lines, start=1):
        reading.take(number, line)
    return ExplicitList(
        path=path,
        packages=tuple(reading.packages.values()),
        platform=reading.platform,
        notes=reading.list_notes(),
    )


@dataclass(kw_only=True)
class _Reading:
    """What has been read so far."""

    shown: str
    root: Path
    environment: Mapping[str, str]
    packages: dict[str, CondaPackage] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    platform: str | None = None
    without_hash: list[int] = field(default_factory=list)
    with_secrets: list[int] = field(default_factory=list)

    def take(self, number: int, line: str) -> None:
        """Take one line."""
        place = f"{self.shown}:{number}"
        if line.startswith("#"):
            found = _PLATFORM.match(line)
            if found:
                self._take_platform(found[1], place)
        elif line and line != EXPLICIT_MARK:
            package = self._read_package(line, number, place)
            same = self.packages.get(package.name)
            if same is not None and same.url != package.url:
                raise ManifestInvalidError(
                    f"{place}: {package.name!r} stands here once more, as on line {self.lines[package.name]}.",
                    hint="take one of the two lines out",
                )
            self.packages.setdefault(package.name, package)
            self.lines.setdefault(package.name, number)

    def list_notes(self) -> tuple[str, ...]:
        """Say what could be better about the list."""
        notes = []
        if self.without_hash:
            count, first = len(self.without_hash), self.without_hash[0]
            told = "a package has no hash" if count == 1 else f"this package and {count - 1} more have no hash"
            notes.append(f"{self.shown}:{first}: {told}, so that what is downloaded cannot be verified.")
        if self.with_secrets:
            notes.append(
                f"{self.shown}:{self.with_secrets[0]}: credentials in URLs are not used; pyve takes them from netrc,"
                " the keyring or the settings of channels."
            )
        return tuple(notes)

    def _read_package(self, line: str, number: int, place: str) -> CondaPackage:
        url, _, mark = line.rpartition("#") if "#" in line else (line, "", "")
        if has_invisible(line):
            raise self._refuse(line, place, "it holds characters that cannot be seen")
        url = self._locate(self._expand(url.strip(), place), place)
        hashes = _HASH.match(mark) if mark else None
        if mark and hashes is None:
            raise self._refuse(line, place, "what follows # is neither an md5 nor a sha256")
        found = {kind: value.lower() for kind, value in hashes.groupdict().items() if value} if hashes else {}
        try:
            package = package_of_url(url, sha256=found.get("sha256"), md5=found.get("md5"))
        except ValueError as error:
            raise self._refuse(line, place, str(error)) from error
        if not found:
            self.without_hash.append(number)
        if strip_url_secrets(url) != url:
            self.with_secrets.append(number)
        if package.subdir not in {*SUBDIRS, NOARCH}:  # a file that lies anywhere
            return replace(package, subdir=self.platform or NOARCH)
        if package.subdir != NOARCH:
            self._take_platform(package.subdir, place)
        return package

    def _take_platform(self, subdir: str, place: str) -> None:
        if self.platform not in {None, subdir}:
            raise ManifestInvalidError(
                f"{place}: this is for {subdir}, and what stands above it for {self.platform}.",
                hint="keep one list for each platform, as conda-linux-64.lock",
            )
        self.platform = subdir

    def _expand(self, text: str, place: str) -> str:
        """Fill in `~` and variables, as CEP 23 demands."""

        def fill(found: "re.Match[str]") -> str:
            name = found["plain"] or found["braced"]
            if name not in self.environment:
                raise ManifestInvalidError(f"{place}: the variable {name} is not set.", hint=f"export {name}=...")
            return self.environment[name]

        home = self.environment.get("HOME") or self.environment.get("USERPROFILE")
        if home and re.match(r"^~(?:[/\\]|$)", text):
            text = home + text[1:]
        return _VARIABLE.sub(fill, text)

    def _locate(self, text: str, place: str) -> str:
        """Return a path as a `file:` URL."""
        if _URL.match(text):
            return text
        if not re.search(r"(?:\.conda|\.tar\.bz2)$", text):
            raise self._refuse(text, place, "it is no URL of a package (.conda, .tar.bz2)")
        try:
            return Path(os.path.normpath(self.root / text)).absolute().as_uri()
        except ValueError as error:
            raise self._refuse(text, place, "it is no path that this system takes") from error

    def _refuse(self, text: str, place: str, problem: str) -> ManifestInvalidError:
        told = strip_url_secrets(text)
        told = told if len(told) <= 160 else f"{told[:157]}..."
        return ManifestInvalidError(
            f"{place}: {told!r} cannot be linked: {problem}.",
            hint="each line is a URL, with its hash: https://channel.example/linux-64/tiny-1.0-0.conda#sha256:...",
        )
