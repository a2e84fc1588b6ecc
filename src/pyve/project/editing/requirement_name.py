"""The name of the package that a requirement is for, as far as it says it."""

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pyve.project.manifests.local_requirement import LocalPath, is_archive_name, locate, split_file_url
from pyve.project.package_name import normalise_name

_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")
_URL = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*://|file:|[a-z]+\+file:)")


def find_requirement_name(text: str, *, root: Path, folder: Path) -> str | None:
    """Return the normalised name of a PEP 508 requirement, a URL or a path; None where only a build would tell it.

    Paths are relative to `root`, else to `folder`.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return normalise_name(Requirement(text).name)
    except InvalidRequirement:
        pass
    egg = _EGG.search(text)
    if egg:
        return normalise_name(egg[1])
    location = re.sub(r"\s*\[[A-Za-z0-9._,\s-]*\]$", "", re.split(r"\s*;\s", text, maxsplit=1)[0].strip())
    if _URL.match(location) and not location.lower().startswith("file:"):
        return _name_of_archive(unquote(os.path.basename(urlsplit(location).path)))
    named = re.match(r"^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[|[<>=!~;@]|$)", location)
    if named and not is_local_path(location):
        return normalise_name(named[1])  # the rest holds variables, or is for somebody else to refuse
    try:
        local = locate(LocalPath(path=Path(split_file_url(location)[0])), root, folder)
    except (ValueError, OSError, RuntimeError):
        return None
    if local is None:
        return None
    return normalise_name(local.name) if local.name else None


def is_local_path(text: str) -> bool:
    """True for what pip takes for a path: it begins with a dot, holds a slash, or is the name of an archive."""
    location = text.split(";", 1)[0].strip()
    if "@" in location and not re.search(r"[/\\]|^\.", location.split("@", 1)[0]):
        return False
    return location.startswith(".") or bool(re.search(r"[/\\]", location)) or is_archive_name(location)


def is_url(text: str) -> bool:
    """True for a URL, one of a repository too."""
    return _URL.match(text) is not None


def _name_of_archive(file_name: str) -> str | None:
    from packaging.utils import (
        InvalidSdistFilename,
        InvalidWheelFilename,
        parse_sdist_filename,
        parse_wheel_filename,
    )

    try:
        if file_name.endswith(".whl"):
            return parse_wheel_filename(file_name)[0]
        return parse_sdist_filename(file_name)[0]
    except (InvalidSdistFilename, InvalidWheelFilename):
        return None
