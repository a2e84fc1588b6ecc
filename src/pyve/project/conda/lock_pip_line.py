"""A line of a pip section as conda-lock's content hash counts it."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urldefrag

from pyve.project.package_name import normalise_name

if TYPE_CHECKING:
    from packaging.requirements import Requirement

JsonObject: TypeAlias = dict[str, Any]

_EDITABLE = re.compile(r"^-e .*$")
_BARE_URL = re.compile(r"^(?:git\+|https://|ssh://)")
_NAMES = r"(?:python_version|python_full_version|os_name|sys_platform|platform_\w+|implementation_\w+|extra)"
_TEXT = r"(?:\"[^\"]*\"|'[^']*')"
_OPERATOR = r"\s*(?:===|[<>=!~]=|[<>]|not\s+in\b|in\b)\s*"
_CLAUSE = re.compile(rf"\b(?P<left>{_NAMES}){_OPERATOR}{_TEXT}|{_TEXT}{_OPERATOR}(?P<right>{_NAMES})\b")
# The markers that a platform decides; any other counts as true.
_SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "osx": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "win": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
_ALWAYS_TRUE = "os_name != ''"


def is_understood(line: str) -> bool:
    """True for a line that conda-lock can lock: a named requirement or URL, and `-e`, which it leaves out."""
    if _EDITABLE.match(line):
        return True
    try:
        _parse(line)
    except ValueError:
        return False
    return True


def serialise_pip_line(line: str, subdir: str, *, category: str) -> JsonObject | None:
    """Return what stands for a line; None where it does not count on `subdir`, or conda-lock does not understand it."""
    if _EDITABLE.match(line):
        return None
    try:
        requirement, marker, locked_hash = _parse(line)
        if marker and not _holds(marker, subdir):
            return None
    except ValueError:
        return None
    found: JsonObject = {"name": normalise_name(requirement.name), "manager": "pip", "category": category}
    found |= {"extras": sorted(requirement.extras)}
    found |= {"markers": marker} if marker else {}
    url = requirement.url
    if url and url.startswith("git+"):
        return found | {"extras": [], "vcs": "git", **_split_git_url(url)}
    if url and re.match(r"^(?:https|ssh)://", url):
        place, fragment = urldefrag(url)
        return found | {"url": place, "hashes": [fragment.replace("=", ":")]}
    if url:
        path = Path(url.removeprefix("file://"))
        return found | {"path": path.as_posix(), "is_directory": path.is_dir()}
    versions = sorted(str(one).replace(" ", "").replace("===", "==") for one in requirement.specifier)
    return found | {"version": ",".join(versions) or "*", "build": None, "conda_channel": None, "hash": locked_hash}


def _parse(line: str) -> "tuple[Requirement, str, str | None]":
    """The requirement without its marker, the marker as written, and the one hash; ValueError for anything else."""
    from packaging.requirements import Requirement

    text, _, marker = (part.strip() for part in line.rpartition(";")) if ";" in line else (line, "", "")
    if _BARE_URL.match(text):
        name = text.split("/")[-1].split("@")[0].removesuffix(".git")
        text = f"{name} @ {text}"
    text, *hashes = text.split(" --hash=")
    if len(hashes) > 1:
        raise ValueError("conda-lock takes one hash")
    return Requirement(text), marker, hashes[0] if hashes else None


def _split_git_url(url: str) -> JsonObject:
    """Address and revision as conda-lock takes them apart."""
    place = url.removesuffix(".git").removeprefix("git+")
    parts = place.split("@")
    if len(parts) > 3:
        raise ValueError("conda-lock takes two @ at most")
    source, revision = ("@".join(parts[:-1]), parts[-1]) if len(parts) > 1 else (place, None)
    found: JsonObject = {"source": source, "rev": revision}
    if revision and "#subdirectory=" in revision:
        found["rev"], _, found["subdirectory"] = revision.partition("#subdirectory=")
    return found


def _holds(marker: str, subdir: str) -> bool:
    from packaging.markers import Marker

    known = _SYSTEMS.get(subdir.partition("-")[0], {})

    def keep_known(found: "re.Match[str]") -> str:
        return found[0] if (found["left"] or found["right"]) in known else _ALWAYS_TRUE

    return Marker(_CLAUSE.sub(keep_known, marker)).evaluate(dict(known))
