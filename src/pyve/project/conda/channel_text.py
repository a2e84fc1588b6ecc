"""One text that names a channel, taken apart: name, canonical URL, and the credentials that stood in it.

A name, a URL or a path, as conda writes them (docs.conda.io, "Managing channels"; CEP 26 for subdirs).
"""

import ntpath
import os
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from pyve.errors.conda import ChannelInvalidError
from pyve.project.conda.channel_url import ChannelUrl, file_url, parse_channel_url
from pyve.project.conda.subdir import NOARCH, SUBDIRS
from pyve.project.credentials import show_channel_text

CONDA_BASE = "https://conda.anaconda.org"
ANACONDA_BASE = "https://repo.anaconda.com/pkgs"  # what `defaults` is made of
_LONGEST = 2048
_LONGEST_SHOWN = 100
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*")
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>[A-Za-z_]\w*)\}|(?P<bare>[A-Za-z_]\w*))", re.ASCII)
_WINDOWS_VARIABLE = re.compile(r"%(?P<name>[A-Za-z_][\w()]*)%", re.ASCII)
_PLATFORMS = re.compile(r"\[[\w, -]*\]$", re.ASCII)
_IN_SUBDIR = re.compile(rf"/(?:{'|'.join((*SUBDIRS, NOARCH))})(?:/(?:current_)?repodata[\w.]*)?/*$")


@dataclass(frozen=True, kw_only=True)
class ChannelText:
    """What a text says: the name for people, the URL, and whether it names platforms too: `channel[linux-64]`."""

    name: str
    url: ChannelUrl = field(repr=False)
    has_platforms: bool = False


def read_channel_text(text: str, *, root: PurePath, environment: Mapping[str, str], windows: bool) -> ChannelText:
    """Understand `text`; a relative path is one below `root`. Raises ChannelInvalidError, without any credentials."""
    if not text.strip() or not text.isprintable() or len(text) > _LONGEST:
        raise _invalid(text, "is empty, too long or holds characters that nobody can see")
    expanded = expand_variables(text.strip(), environment, windows=windows)
    bare = _PLATFORMS.sub("", expanded)
    has_platforms = bare != expanded
    bare = _IN_SUBDIR.sub("", bare.rstrip("/\\" if windows else "/") or bare)
    path = _as_path(bare, root=root, environment=environment, windows=windows)
    if path is not None:
        url = ChannelUrl(url=file_url(path))
        return ChannelText(name=_shown(text), url=url, has_platforms=has_platforms)
    if "://" in bare:
        try:
            url = parse_channel_url(bare)
        except ValueError as error:
            raise _invalid(text, str(error)) from None  # the cause would show the credentials
        return ChannelText(name=_name_of(url.url), url=url, has_platforms=has_platforms)
    if not _NAME.fullmatch(bare):
        raise _invalid(text, "is neither a name nor a URL nor a path")
    if bare == "local":
        raise _invalid(text, "is a folder of conda itself, which pyve does not know", hint="write its path: ./channel")
    base = ANACONDA_BASE.rpartition("/")[0] if bare.startswith("pkgs/") else CONDA_BASE
    return ChannelText(name=bare, url=ChannelUrl(url=f"{base}/{bare}"), has_platforms=has_platforms)


def expand_variables(text: str, environment: Mapping[str, str], *, windows: bool) -> str:
    """`text` with the values of `$NAME` and `${NAME}`, on Windows of `%NAME%` too. Raises ChannelInvalidError.

    A variable that is empty is refused like one that is not set: what CI makes of a secret that is not there.
    """

    def value_of(match: "re.Match[str]") -> str:
        name = match.groupdict().get("braced") or match.groupdict().get("bare") or match["name"]
        value = environment.get(name, "")
        if value and value.isprintable():
            return value
        reason = "cannot be used in it" if value else "is empty" if name in environment else "is not set"
        line = f'$env:{name} = "..."' if windows else f"export {name}=..."
        raise ChannelInvalidError(f"The channel {_quote(text)} needs the variable {name}, which {reason}.", hint=line)

    expanded = _VARIABLE.sub(value_of, text)
    # In URLs %41% may be an escape: there a name that is not set stays as it is.
    if windows:
        is_url = "://" in text
        expanded = _WINDOWS_VARIABLE.sub(
            lambda match: match[0] if is_url and not environment.get(match["name"]) else value_of(match), expanded
        )
    return expanded


def _as_path(text: str, *, root: PurePath, environment: Mapping[str, str], windows: bool) -> PurePath | None:
    """The absolute path that `text` is, without `..`; None where it is none."""
    flavour = ntpath if windows else posixpath
    first = re.split(r"[/\\]" if windows else "/", text, maxsplit=1)[0]
    if first == "~":
        home = environment.get("USERPROFILE" if windows else "HOME") or os.path.expanduser("~")
        text = home + text[1:]
    elif first in (".", ".."):
        text = flavour.join(str(root), text)
    elif not (text.startswith("/") or (windows and re.match(r"[A-Za-z]:[/\\]|\\\\", text))):
        return None
    elif windows and not flavour.splitdrive(text)[0]:  # `/channels`: on the drive of the project
        text = flavour.splitdrive(str(root))[0] + text
    return PureWindowsPath(ntpath.normpath(text)) if windows else PurePosixPath(posixpath.normpath(text))


def _name_of(url: str) -> str:
    """The name that people know a URL by: `conda-forge` for what names stand for, else the URL itself."""
    if url.startswith(f"{CONDA_BASE}/"):
        return url[len(CONDA_BASE) + 1 :]
    return url[len(ANACONDA_BASE) - len("pkgs") :] if url.startswith(f"{ANACONDA_BASE}/") else url


def _invalid(text: str, reason: str, *, hint: str | None = None) -> ChannelInvalidError:
    return ChannelInvalidError(
        f"The channel {_quote(text)} {reason}.",
        hint=hint or "write a name (conda-forge), a URL (https://conda.example/channel) or a path (./channel)",
    )


def _quote(text: str) -> str:
    return f"`{_shown(text)}`"


def _shown(text: str) -> str:
    plain = "".join(letter if letter.isprintable() else "?" for letter in show_channel_text(text))
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}..."
