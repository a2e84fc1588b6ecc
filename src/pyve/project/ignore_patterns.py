"""The patterns of ignore files, as gitignore(5) defines them, asked about one path.

Only what pyve needs to see whether a user's file covers something already; git itself is not started.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pyve.system.files import open_plain_file


@dataclass(frozen=True, kw_only=True)
class IgnorePattern:
    """One line: which names it matches, relative to the directory of its file, and whether it takes them in again."""

    expression: re.Pattern[str]
    negated: bool
    directories_only: bool


def parse_ignore_patterns(content: bytes) -> tuple[IgnorePattern, ...]:
    """The patterns of an ignore file, in order; a pattern that cannot be understood matches nothing."""
    text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    parsed = (_parse(line.removesuffix("\r")) for line in text.split("\n"))
    return tuple(pattern for pattern in parsed if pattern is not None)


def read_ignore_patterns(file: Path) -> tuple[IgnorePattern, ...]:
    """The patterns of `file`, none where it cannot be read."""
    try:
        with open_plain_file(file) as content:
            return parse_ignore_patterns(content.read())
    except OSError:
        return ()


def decide_ignored(patterns: Sequence[IgnorePattern], name: PurePosixPath, *, is_directory: bool) -> bool | None:
    """Whether the last pattern that matches `name` ignores it; None when none matches.

    `name` is relative to the directory of the file; what a pattern says about directories above `name` is not asked.
    """
    for pattern in reversed(patterns):
        if pattern.directories_only and not is_directory:
            continue
        if pattern.expression.fullmatch(str(name)):
            return not pattern.negated
    return None


def escape_ignore_pattern(name: str) -> str:
    """`name` as a pattern that matches it and nothing else; the caller puts the anchoring slash before it."""
    escaped = re.sub(r"([\\*?\[])", r"\\\1", name)
    return re.sub(r" +$", lambda spaces: "\\ " * len(spaces.group()), escaped)


def _parse(line: str) -> IgnorePattern | None:
    text = _strip_trailing_spaces(line)
    if not text or text.startswith("#"):
        return None
    negated = text.startswith("!")
    text = text.removeprefix("!") if negated else text
    directories_only = text.endswith("/")
    text = text.removesuffix("/")
    if not text:
        return None
    anchored = "/" in text
    text = text.removeprefix("/")
    prefix = "" if anchored else "(?:.*/)?"
    try:
        expression = re.compile(prefix + _translate(text), re.DOTALL)
    except (re.error, ValueError):
        return None
    return IgnorePattern(expression=expression, negated=negated, directories_only=directories_only)


def _strip_trailing_spaces(line: str) -> str:
    stripped = line.rstrip(" ")
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    if backslashes % 2 and stripped != line:
        return stripped + " "
    return stripped


_TOKEN = re.compile(
    r"(?P<any_parents>\A\*\*/)|(?P<between>/\*\*(?=/))|(?P<inside>/\*\*\Z)|(?P<stars>\*+)|(?P<one>\?)"
    r"|\\(?P<escaped>.)|\[(?P<not>[!^]?)(?P<set>\]?(?:\\.|\[:\w+:\]|[^\]\\])*)\]|(?P<plain>.)",
    re.DOTALL,
)


def _translate(text: str) -> str:
    """The regular expression of a pattern; raises ValueError for a pattern that git takes as never matching."""
    if text.endswith("\\") and (len(text) - len(text.rstrip("\\"))) % 2:
        raise ValueError(text)
    return "".join(_translate_token(token) for token in _TOKEN.finditer(text))


def _translate_token(token: re.Match[str]) -> str:
    if token["any_parents"]:
        return "(?:.*/)?"
    if token["between"]:
        return "(?:/.*)?"
    if token["inside"]:
        return "/.*"
    if token["stars"]:
        return "[^/]*"
    if token["one"]:
        return "[^/]"
    if token["set"] is not None:
        if "[:" in token["set"]:
            raise ValueError(token["set"])
        members = re.sub(r"([\[\]&~|^])", r"\\\1", token["set"])
        return f"(?!/)[{'^' if token['not'] else ''}{members}]"
    if token["plain"] == "[":
        raise ValueError(token.string)
    return re.escape(token["escaped"] or token["plain"])
