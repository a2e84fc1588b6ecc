"""A requirement that is a file or directory on this machine."""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from pyve.project.local_content import digest_local_path
from pyve.project.requirement import Requirement

_ARCHIVE_SUFFIXES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tlz")
_PROJECT_ITSELF = "the project itself"
_REPOSITORY = re.compile(r"^(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?(?:git|hg|svn|bzr)\+", re.IGNORECASE)
_CONTENT = "#content="


@dataclass(frozen=True, kw_only=True)
class LocalPath:
    """A path, absolute once it is located, and what the requirement says about it."""

    path: Path
    name: str | None = None
    extras: tuple[str, ...] = ()
    marker: str = ""
    fragment: str = ""


def is_archive_name(text: str) -> bool:
    """True where `text` names a wheel or source archive."""
    return text.lower().endswith(_ARCHIVE_SUFFIXES)


def split_file_url(url: str) -> tuple[str, str]:
    """Return the path and the fragment of a `file:` URL (or of a plain path)."""
    if not url.lower().startswith("file:"):
        location, _, fragment = url.partition("#")
        return location, fragment
    parts = urlsplit(url)
    location = unquote(parts.path)
    if re.match(r"^/[A-Za-z]:[/\\]", location):  # file:///C:/wheels
        location = location[1:]
    return location, parts.fragment


def locate(wanted: LocalPath, root: Path, folder: Path) -> LocalPath | None:
    """Return `wanted` with its path absolute: seen from the project, as pip sees it there, else from `folder`."""
    for base in (root, folder):
        if os.path.exists(base / wanted.path):  # unlike Path.exists it raises for no path
            path = (base / wanted.path).resolve()
            return replace(wanted, path=path, name=wanted.name or _read_name(path))
    return None


def is_installable(local: LocalPath) -> bool:
    """True for a file, and for a directory that an installer can build (asked before its whole tree is read)."""
    folder = local.path / parse_qs(local.fragment).get("subdirectory", [""])[0]
    return local.path.is_file() or any((folder / name).is_file() for name in ("pyproject.toml", "setup.py"))


def local_line(local: LocalPath, *, editable: bool) -> str:
    """Return the requirement as a `file:` URL, in which no character of the path means anything to an installer."""
    extras = f"[{','.join(local.extras)}]" if local.extras else ""
    url = local.path.as_uri() + (f"#{local.fragment}" if local.fragment else "")
    marker = f" ; {local.marker}" if local.marker else ""
    if local.name and not editable:  # the one form with extras that every installer takes
        return f"{local.name}{extras} @ {url}{marker}"
    return f"{url}{extras}{marker}"


def local_canonical(local: LocalPath, root: Path, *, editable: bool) -> str:
    """Return what the fingerprint counts: the path seen from the project and what lies there."""
    extras = f"[{','.join(local.extras)}]" if local.extras else ""
    marker = f"; {local.marker}" if local.marker else ""
    if local.path == root.resolve():
        return f"{_PROJECT_ITSELF}{extras}{marker}"
    digest = digest_local_path(local.path, editable=editable)
    fragment = f"&{local.fragment}" if local.fragment else ""
    return f"{_show(local.path, root)}{extras}{_CONTENT}{digest}{fragment}{marker}"


def is_project_itself(requirement: Requirement) -> bool:
    """True for the directory of the project that declares it, as in `-e .`."""
    return requirement.canonical.startswith(_PROJECT_ITSELF)


def is_repository(requirement: Requirement) -> bool:
    """True for what lies in a version control system, here or elsewhere."""
    return _REPOSITORY.match(requirement.line) is not None


def counts_by_content(requirement: Requirement) -> bool:
    """True where the fingerprint counts what lies at a local path."""
    return _CONTENT in requirement.canonical


def read_own_extras(requirement: Requirement) -> tuple[str, ...]:
    """Return the extras of a requirement that is the project itself."""
    found = re.match(rf"^{_PROJECT_ITSELF}\[([^\]]*)\]", requirement.canonical)
    return tuple(found[1].split(",")) if found else ()


def _show(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def _read_name(path: Path) -> str | None:
    """Return the distribution's name where it can be read without running anything."""
    from packaging.utils import (
        InvalidSdistFilename,
        InvalidWheelFilename,
        parse_sdist_filename,
        parse_wheel_filename,
    )

    try:
        if path.name.endswith(".whl"):
            return parse_wheel_filename(path.name)[0]
        if path.is_file():
            return parse_sdist_filename(path.name)[0]
    except (InvalidSdistFilename, InvalidWheelFilename):
        return None
    return _read_project_name(path / "pyproject.toml")


def _read_project_name(pyproject: Path) -> str | None:
    from packaging.utils import canonicalize_name

    from pyve.project.manifests.toml_text import parse_toml

    try:
        table = parse_toml(pyproject.read_text(encoding="utf-8")).get("project")
    except (OSError, ValueError):  # not ours to judge: the installer will say what is wrong there
        return None
    name = table.get("name") if isinstance(table, dict) else None
    return canonicalize_name(name) if isinstance(name, str) else None
