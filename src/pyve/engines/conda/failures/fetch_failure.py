"""What a person is told when something could not be fetched from a conda channel, or not be kept."""

import os
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

from pyve.engines.conda.failures.engine_failure import EngineFailure
from pyve.errors import BuildFailedError, DiskFullError
from pyve.errors.conda import (
    ChannelMissingError,
    ChannelUnauthorisedError,
    ChannelUnreachableError,
    NotCachedError,
    PackageCorruptError,
)

_URL = re.compile(r"\b(?:https?|file|oci|s3)://[^\s`'\"()<>]+")
_ARCHIVE = re.compile(r"[^\s/`'\"()]+\.(?:conda|tar\.bz2)\b")
_SUBDIR_AND_FILE = re.compile(r"/(?:noarch|(?:linux|osx|win|freebsd|emscripten|wasi|zos)-[a-z0-9]+)(?:/[^/]*)?/?$")
_SUBDIR = re.compile(r"subdir '([^']+)'")
_MISSING = re.compile(
    r"404 Not Found|\bstatus(?: code)?:? 404\b|\(404|No such file or directory|could not find subdir"
    r"|The system cannot find the (?:file|path) specified"
)
_NO_INDEX = re.compile(r"failed to parse repodata|at line \d+ column \d+")
_PLAIN = (
    *("404 Not Found", "No such file or directory"),
    *("The system cannot find the file specified", "The system cannot find the path specified"),
)
_EXPECTED = re.compile(r"\bexpected:? (?:sha256[:= ]|md5[:= ])?['\"`]?([0-9a-f]{32,64})", re.IGNORECASE)
_GOT = re.compile(r"\b(?:got|is|actual|found):? (?:sha256[:= ]|md5[:= ])?['\"`]?([0-9a-f]{32,64})", re.IGNORECASE)
_ROOT = r"(?:[A-Za-z]:)?[/\\]"
_PATHS = (
    re.compile(rf"\b(?:to|file|from) ({_ROOT}[^\n]+?)(?=: | to {_ROOT}|$)", re.MULTILINE),
    re.compile(rf"[`'\"]({_ROOT}[^\n]+?)[`'\"](?:: |$)", re.MULTILINE),
)


def explain_channel(failure: EngineFailure) -> BuildFailedError:
    """A channel that is silent, or one that is not where it should be."""
    if _MISSING.search(failure.text):
        return _explain_missing(failure)
    if _NO_INDEX.search(failure.text):
        return ChannelMissingError(
            f"What {_channel(failure)} gives is no index of a conda channel ({_cause(failure.text)}).",
            hint="correct its name or address, or sign in to the network, then run it again",
        )
    return ChannelUnreachableError(
        f"The channel {_channel(failure)} cannot be reached ({_cause(failure.text)}), "
        "and the caches do not hold everything.",
        hint="check the network and the proxy, then run it again; a mirror: [conda.mirrors] in config.toml",
    )


def explain_refusal(failure: EngineFailure) -> BuildFailedError:
    """A channel that wants credentials, or other ones."""
    status = "403" if "403" in failure.text else "401"
    said = "refuses these credentials" if status == "403" else "wants credentials, or refuses these"
    channel = _channel(failure)
    host = urlsplit(channel).hostname or "HOST"
    return ChannelUnauthorisedError(
        f"The channel {channel} {said} ({status}).",
        hint=f"put them into ~/.netrc: machine {host} login NAME password SECRET  "
        "# tokens and keyrings: the page 'Conda channels and mirrors'",
    )


def explain_not_cached(failure: EngineFailure) -> BuildFailedError:
    """Something that is wanted offline and was never fetched."""
    what = failure.subject or _first(_URL, failure.text) or _cause(failure.text)
    archive = _ARCHIVE.search(what)
    what = f"the index of {_channel_of(what)}" if "://" in what and not archive else what
    where = f" ({failure.path})" if failure.path else ""
    return NotCachedError(
        f"Offline, and {what} is not in the cache{where}.",
        hint="run it once with a connection, without --offline",
    )


def explain_corrupt(failure: EngineFailure) -> BuildFailedError:
    """An archive that is not the declared one, however often it is fetched."""
    archive = _first(_ARCHIVE, failure.subject) or failure.subject or _first(_ARCHIVE, failure.text) or "A package"
    expected = failure.expected or _group(_EXPECTED, failure.text)
    got = failure.got or _group(_GOT, failure.text)
    if expected or got:
        digests = f": expected {expected or 'another digest'}, got {got or 'another one'}"
    else:
        digests = f": {_cause(failure.text)}"
    cache = f"; what is cached lies in {failure.path}" if failure.path else ""
    return PackageCorruptError(
        f"{archive} is not the package that is declared, also after it was fetched once more{digests}.",
        hint=f"do not install it before you know why; if it was published anew, lock again{cache}",
    )


def explain_disk_full(failure: EngineFailure) -> BuildFailedError:
    """No room, and on which file system: of the paths that are named, the one with the least of it."""
    named = [Path(found) for pattern in _PATHS for found in pattern.findall(failure.text)]
    places = [*reversed(named), *([failure.path] if failure.path else [])]  # what is written to is named last
    free = {mount: _free_bytes(mount) for mount in dict.fromkeys(map(mount_point, places))}
    path = min(places, key=lambda place: free[mount_point(place)], default=None)
    where = f" on the file system of {mount_point(path)} for {path}" if path else f": {_cause(failure.text)}"
    return DiskFullError(
        f"No space is left{where}.",
        hint="pyve gc  # or put environments (store.location) and caches (PYVE_CACHE_DIR) on another disk",
    )


def mount_point(path: Path) -> Path:
    """The directory at or above `path` on which its file system is mounted."""
    return next((place for place in (path, *path.parents) if os.path.ismount(place)), Path(path.anchor or "/"))


def _free_bytes(mount: Path) -> int:
    try:
        return shutil.disk_usage(mount).free
    except OSError:
        return sys.maxsize


def _explain_missing(failure: EngineFailure) -> BuildFailedError:
    archive, channel = _ARCHIVE.search(f"{failure.subject} {failure.text}"), _channel(failure)
    if archive:
        return ChannelMissingError(
            f"The channel {channel} does not have {archive[0]} (any more).",
            hint="solve anew: pyve sync --upgrade  # where a lock names it, lock anew",
        )
    subdir = _group(_SUBDIR, failure.text)
    why = next((words for words in _PLAIN if words in failure.text), _cause(failure.text))
    return ChannelMissingError(
        f"The channel {channel} is not there, or has no {subdir or 'such platform'} ({why}).",
        hint="correct its name or address, then run it again",
    )


def _channel(failure: EngineFailure) -> str:
    """Its address or name: an engine gives that of what it was about to fetch."""
    return _channel_of(failure.subject or _first(_URL, failure.text) or "(unknown)")


def _channel_of(url: str) -> str:
    return _SUBDIR_AND_FILE.sub("", url.rstrip("/.,;")).rstrip("/")


def _cause(text: str) -> str:
    """The last reason in a chain of them, on one line, without the system's numbers."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["it gave no reason"]
    last = re.sub(r"^(?:Caused by|critical libmamba|error\s+libmamba):?\s*", "", lines[-1])
    return re.sub(r"\s*\(os error \d+\)", "", last).rstrip(".")


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[0] if match else ""


def _group(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""
