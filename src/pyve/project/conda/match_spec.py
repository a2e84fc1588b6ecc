"""The parts of a MatchSpec text; what its versions mean is the engine's business.

Follows conda's query language as conda itself reads it, leniently: `name version build`, `name=version=build`,
`channel::name`, `name[key=value, ...]`, and URLs and paths of packages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyve.project.invisible_text import has_invisible

PACKAGE_SUFFIXES = (".conda", ".tar.bz2")
_MOST_CHARACTERS = 4096  # no spec comes near it; the patterns below are not made for megabytes

_PAIR = re.compile(r"""\s*([A-Za-z0-9_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,'"]*?))\s*(?:,|$)""")
_NAME = re.compile(r"^(?P<name>[^\s=<>!~,|;]+)\s*(?P<rest>.*)$", re.DOTALL)
_NAME_CHARACTERS = re.compile(r"^[A-Za-z0-9_.*-]+$")
_BACKWARDS = re.compile(r"=[<>](?!=)")
_NO_VERSION = re.compile(r"(?:[<>=!]=?|~=)\s*(?:$|[,|)])")
# A build stands last, after a space or `=` that belongs to no operator, and holds neither a dash nor an operator.
_BUILD = re.compile(r"^(?P<version>.*?[^\s=<>!~,|])(?:\s*=\s*|\s+)(?P<build>[^\s=<>!~,|-][^=<>!~,|-]*)$", re.DOTALL)


class MatchSpecTextError(ValueError):
    """A text is no MatchSpec; `hint` is what was probably meant."""

    def __init__(self, reason: str, *, hint: str | None = None) -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(frozen=True, kw_only=True)
class MatchSpecText:
    """One MatchSpec taken apart. None: it does not say.

    `name` is in small letters. `version` is as written, without spaces, with its operator: `=3.11`, `>=2,<3`. `channel`
    may end in a subdir. `brackets` are the keys and values in `[...]`, which win over what stands before them. `url` is
    the package itself where the text is its URL or path.
    """

    text: str
    name: str
    channel: str | None = None
    version: str | None = None
    build: str | None = None
    brackets: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None


def parse_match_spec(text: str) -> MatchSpecText:
    """Take `text` apart, or raise MatchSpecTextError where it is clearly no MatchSpec."""
    stripped = text.strip()
    if not stripped:
        raise MatchSpecTextError("it is empty", hint="remove the line, or name a package")
    if len(stripped) > _MOST_CHARACTERS:
        raise MatchSpecTextError(f"it is longer than {_MOST_CHARACTERS} characters", hint="name one package")
    if has_invisible(stripped):
        raise MatchSpecTextError("it holds characters that cannot be seen", hint="type the line anew")
    if stripped.partition("#")[0].rstrip().endswith(PACKAGE_SUFFIXES):
        return _parse_archive(text, stripped)
    if "#" in stripped:
        raise MatchSpecTextError("no package has a # in its name or version", hint="put a space before a comment")
    rest, brackets = _split_brackets(stripped)
    channel, rest = _split_channel(rest)
    name, rest = _split_name(rest, brackets)
    version, build = split_version(rest)
    if "version" in brackets:
        version = re.sub(r"\s+", "", brackets["version"])
    return MatchSpecText(
        text=text,
        name=name.lower(),
        channel=brackets.get("channel", channel),
        version=version,
        build=brackets.get("build", build),
        brackets=brackets,
        url=brackets.get("url"),
    )


def split_archive_name(file_name: str) -> tuple[str, str, str] | None:
    """Return name, version and build that `name-version-build.conda` (or `.tar.bz2`) holds; None where it is none."""
    for suffix in PACKAGE_SUFFIXES:
        if file_name.endswith(suffix):
            parts = file_name[: -len(suffix)].rsplit("-", 2)
            if len(parts) == 3 and all(parts):
                return parts[0], parts[1], parts[2]
    return None


def split_version(text: str) -> tuple[str | None, str | None]:
    """Return version and build of what stands after the name, the version without spaces."""
    text = text.strip()
    if not text:
        return None, None
    found = _BUILD.match(text)
    version, build = (found["version"], found["build"].strip()) if found else (text, None)
    return re.sub(r"\s+", "", version), build


def _parse_archive(text: str, stripped: str) -> MatchSpecText:
    url = stripped.partition("#")[0].rstrip()
    parts = split_archive_name(re.split(r"[/\\]", url)[-1])
    if parts is None:
        raise MatchSpecTextError(
            "the file of a package is called name-version-build.conda", hint="correct the end of the URL or path"
        )
    return MatchSpecText(text=text, name=parts[0].lower(), version=parts[1], build=parts[2], url=url)


def _split_brackets(text: str) -> tuple[str, Mapping[str, str]]:
    before, opening, inside = text.partition("[")
    if not opening and "]" not in text:
        return text, {}
    if not _close_once(inside):
        raise MatchSpecTextError(
            "its brackets do not match, or something follows them", hint="write it as: numpy[version='>=2', build=py*]"
        )
    values = {pair[1]: next(filter(None, pair.groups()[1:]), "") for pair in _PAIR.finditer(inside[:-1])}
    return before.rstrip(), values


def _close_once(inside: str) -> bool:
    """Whether what follows a bracket ends with its partner, and those in between have theirs (`extras=[a]`)."""
    depth = 1
    for position, character in enumerate(inside, start=1):
        depth += {"[": 1, "]": -1}.get(character, 0)
        if depth == 0:
            return position == len(inside)
    return False


def _split_channel(text: str) -> tuple[str | None, str]:
    channel, separator, rest = text.rpartition("::")
    if not separator:
        before, colon, after = text.partition(":")
        if not colon:
            return None, text
        if before.strip().lower() in {"pip", "pypi"}:
            raise MatchSpecTextError(
                "packages of pip stand in a list of their own", hint=f"- pip:\n    - {after.strip() or 'requests'}"
            )
        if re.match(r"^[A-Za-z][A-Za-z0-9+.-]*://", text):
            raise MatchSpecTextError(
                "this URL is neither a package (.conda, .tar.bz2) nor followed by ::name",
                hint=f"write it as: {text}::name",
            )
        before, after = before.strip(), after.strip()
        if re.match(r"[\d=<>!~*]", after):
            meant = after if after[0] in "=<>!~" else f"={after}"
            raise MatchSpecTextError("a colon stands before the version", hint=f"write it as: {before}{meant}")
        raise MatchSpecTextError("one colon stands before the name", hint=f"write it as: {before}::{after}")
    channel, rest = channel.strip(), rest.strip()
    if not channel or not rest:
        raise MatchSpecTextError(
            f"there is no {'channel before' if not channel else 'package after'} ::",
            hint="write it as: conda-forge::numpy",
        )
    return channel, rest


def _split_name(text: str, brackets: Mapping[str, str]) -> tuple[str, str]:
    found = _NAME.match(text)
    name = found["name"] if found else brackets.get("name", "") if not text else ""
    rest = found["rest"] if found else ""
    if not name:
        raise MatchSpecTextError("there is no name before the version", hint="write it as: numpy>=2")
    if not name.strip("*"):
        raise MatchSpecTextError("* is every package there is", hint="name the package")
    if not _NAME_CHARACTERS.match(name):
        raise MatchSpecTextError(
            f"{name!r} is no name of a package", hint="letters, digits, and . _ - stand in names, as in: scikit-learn"
        )
    if ";" in rest:
        raise MatchSpecTextError("markers after ; are for requirements of pip", hint=f"- {name}  # [linux]")
    backwards = _BACKWARDS.search(rest)
    if backwards:
        operator = backwards[0]
        raise MatchSpecTextError(
            f"{operator} is no operator", hint=f"write it as: {name}{rest.replace(operator, operator[::-1])}"
        )
    if _NO_VERSION.search(rest):
        raise MatchSpecTextError("there is no version after the operator", hint=f"write it as: {name}=1.2, or: {name}")
    return name, rest
