"""One package in a conda-lock.yml (version 1), for one platform and one category."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from pyve.errors import ManifestInvalidError
from pyve.project.conda.package import CondaPackage
from pyve.project.conda.package_url import package_of_url, strip_url_secrets
from pyve.project.conda.subdir import NOARCH
from pyve.project.manifests.yaml_value import YamlMapping, YamlScalar, YamlValue, describe, is_null
from pyve.project.package_name import normalise_name
from pyve.project.requirement import Requirement

LOCK_AGAIN = "lock again: pyve lock"
_HASHES = {"md5": 32, "sha256": 64}


@dataclass(frozen=True, kw_only=True)
class LockRow:
    """What one row says; `origin` is `conda-lock.yml:12`, and `package` is None for a row of pip.

    `manager` is "conda" or "pip". `url` is as written; that of `package` holds no credentials.
    """

    origin: str
    name: str
    version: str
    manager: str
    platform: str
    category: str
    dependencies: Mapping[str, str]
    url: str
    sha256: str | None
    md5: str | None
    package: CondaPackage | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What a row is of: manager, name and platform."""
        return self.manager, self.name, self.platform


def read_row(value: YamlValue, shown: str, *, is_last: bool) -> LockRow:
    """Read one row; ManifestInvalidError names its line, and says of the last one that the file may be cut off."""
    reading = _RowReading(value=value, shown=shown, is_last=is_last)
    manager = reading.text("manager")
    if manager not in {"conda", "pip"}:
        reading.refuse(f"its manager is {manager!r}, and must be conda or pip", key="manager")
    url, hashes = reading.text("url"), reading.hashes(is_strict=manager == "conda")
    if manager == "conda" and hashes["md5"] is None:
        reading.refuse("it has no md5, which conda-lock wants for packages of conda", key="hash")
    name, platform = reading.text("name"), reading.text("platform")
    reading.check_optional()
    return LockRow(
        origin=reading.place,
        name=name,
        version=reading.text("version"),
        manager=manager,
        platform=platform,
        category=reading.text("category", default="main"),
        dependencies=reading.dependencies(),
        url=url,
        sha256=hashes["sha256"],
        md5=hashes["md5"],
        package=reading.package(url, hashes, name, platform) if manager == "conda" else None,
    )


def requirement_of(row: LockRow) -> Requirement:
    """Return a row of pip as a requirement: exactly this file, with its hash where it has one."""
    url = row.url if "${" in row.url else strip_url_secrets(row.url)
    hashes = (f"sha256:{row.sha256}",) if row.sha256 and not re.match(r"^(?:git|hg|svn|bzr)\+", url) else ()
    canonical = f"{normalise_name(row.name)} @ {strip_url_secrets(row.url)}"
    return Requirement(
        line=f"{row.name} @ {url}",
        canonical="#".join((canonical, *hashes)),
        origin=row.origin,
        name=normalise_name(row.name),
        hashes=hashes,
    )


@dataclass(kw_only=True)
class _RowReading:
    """One row while it is read."""

    value: YamlValue
    shown: str
    is_last: bool

    @property
    def place(self) -> str:
        return f"{self.shown}:{self.value.line}"

    @property
    def mapping(self) -> YamlMapping:
        if not isinstance(self.value, YamlMapping):
            self.refuse(f"it is {describe(self.value)}, and must hold keys and values")
        return self.value

    def refuse(self, problem: str, *, key: str = "") -> NoReturn:
        name, line = "", self.value.line
        if isinstance(self.value, YamlMapping):
            named = self.value.get("name")
            name = f" {named.text!r}" if isinstance(named, YamlScalar) else ""
            line = self.value.line_of(key) or line
        cut_off = "; it is the last one, as if the file were cut off there" if self.is_last else ""
        raise ManifestInvalidError(
            f"{self.shown}:{line}: the package{name} cannot be used: {problem}{cut_off}.", hint=LOCK_AGAIN
        )

    def text(self, key: str, *, default: str | None = None) -> str:
        """The text behind a key, a number or truth value as it is written."""
        value = self.mapping.get(key)
        if is_null(value) and default is not None:
            return default
        if is_null(value):
            self.refuse(f"it has no `{key}`", key=key)
        if not isinstance(value, YamlScalar) or not value.text.strip():
            self.refuse(f"its `{key}` is {describe(value) if value else 'empty'}, and must be a text", key=key)
        return value.text.strip()

    def check_optional(self) -> None:
        """What conda-lock writes last: a row without it was cut off."""
        value = self.mapping.get("optional")
        if is_null(value):
            self.refuse("it has no `optional`", key="optional")
        if not (isinstance(value, YamlScalar) and value.kind == "bool"):
            self.refuse("its `optional` must be true or false", key="optional")

    def hashes(self, *, is_strict: bool) -> dict[str, str | None]:
        """The hashes; where that is not strict, what is none is left out: of a repository, it is the commit."""
        section = self.mapping.get("hash")
        if not isinstance(section, YamlMapping):
            self.refuse("it has no `hash` with md5 and sha256", key="hash")
        found: dict[str, str | None] = {}
        for kind, length in _HASHES.items():
            value = section.get(kind)
            text = value.text.strip().lower() if isinstance(value, YamlScalar) and not is_null(value) else None
            if text is not None and not re.fullmatch(rf"[0-9a-f]{{{length}}}", text):
                text = None
                if is_strict:
                    self.refuse(f"its {kind} is not {length} hexadecimal digits", key="hash")
            found[kind] = text
        return found

    def dependencies(self) -> dict[str, str]:
        section = self.mapping.get("dependencies")
        if is_null(section):
            return {}
        if not isinstance(section, YamlMapping):
            self.refuse("its `dependencies` must hold names and versions", key="dependencies")
        found = {}
        for key, value in section.entries:
            if not isinstance(value, YamlScalar):
                self.refuse(f"its dependency {key.text!r} is {describe(value)}", key="dependencies")
            found[key.text] = "" if is_null(value) else value.text
        return found

    def package(self, url: str, hashes: dict[str, str | None], name: str, platform: str) -> CondaPackage:
        try:
            package = package_of_url(url, depends=_join(self.dependencies()), **hashes)
        except ValueError as error:
            self.refuse(f"its URL cannot be used: {error}", key="url")
        if package.name.lower() != name.lower():
            self.refuse(f"its URL is of {package.name!r}", key="url")
        if package.subdir not in {platform, NOARCH}:
            self.refuse(f"its platform is {platform}, and its URL lies in {package.subdir!r}", key="url")
        return package


def _join(dependencies: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{name} {version}".strip() for name, version in dependencies.items())
