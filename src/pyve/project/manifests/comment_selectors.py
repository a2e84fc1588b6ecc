"""Selectors: lines and entries of an environment.yml that count on some platforms only (CEP 24).

`- pywin32  # [win]` is taken before YAML is parsed; `- sel(win): pywin32` afterwards. Beyond the CEP, `not` is
understood, as in recipes, and words may follow the brackets, as conda-lock allows.
"""

import re
from collections.abc import Iterator

from pyve.errors import ManifestInvalidError
from pyve.project.conda.subdir import SUBDIRS

_COMMENT = re.compile(r"\s#(?P<text>.*)", re.DOTALL)
_BRACKETS = re.compile(r"(?P<before>[^\[\]]*)\[(?P<expression>[^\[\]]*)\]")
_WORDS = re.compile(r"\(|\)|[^\s()]+")
_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_]*$")
_KEY = re.compile(r"^sel\((?P<name>[^()]*)\)$")
_KEY_NAMES = ("linux", "osx", "unix", "win")
_MOST_NESTED = 32  # parentheses


def names_on(subdir: str) -> frozenset[str]:
    """Return the names that are true on `subdir`."""
    system, _, architecture = subdir.partition("-")
    names = {system, architecture if not architecture.isdecimal() else f"{system}{architecture}"}
    if system in {"linux", "osx"}:
        names.add("unix")
    if architecture in {"32", "64"}:
        names.add("x86")
    if architecture == "64":
        names |= {"x86_64", "x64"}
    return frozenset(names)


_KNOWN = frozenset[str]().union(*map(names_on, SUBDIRS))


def apply_comment_selectors(text: str, subdir: str, shown: str) -> tuple[str, tuple[str, ...]]:
    """Return the text as it is on `subdir`, and notes; lines that do not count are left empty, so that none moves.

    Raises ManifestInvalidError with the line for a selector that names what is no platform: other tools would take the
    line or drop it, each its own way.
    """
    true_names = names_on(subdir)
    lines, notes = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        brackets = _find_brackets(line)
        if brackets is not None:
            holds = _evaluate_comment(brackets, true_names, f"{shown}:{number}")
            if holds is None:
                expression = brackets["expression"]
                notes.append(f"{shown}:{number}: [{expression}] is taken for a comment, not for a selector.")
            if holds is False:
                lines.append("")
                continue
        lines.append(line)
    return "\n".join(lines), tuple(notes)


def evaluate_key(key: str, subdir: str, place: str) -> bool | None:
    """Say whether `sel(NAME)` holds on `subdir`; None where the key is no selector."""
    found = _KEY.match(key)
    if found is None:
        if not key.startswith("sel("):
            return None
        raise ManifestInvalidError(
            f"{place}: the selector {key!r} does not end.", hint="write it as: sel(win): pywin32"
        )
    name = found["name"].strip()
    if name not in _KEY_NAMES:
        raise ManifestInvalidError(
            f"{place}: sel() takes one of {', '.join(_KEY_NAMES)}, not {name!r}.",
            hint="for anything else write a comment: - pywin32  # [win and x86_64]",
        )
    return name in names_on(subdir)


def _find_brackets(line: str) -> "re.Match[str] | None":
    """The first [...] in the comment that follows something else on the line."""
    if "[" not in line or line.lstrip().startswith("#"):
        return None
    comment = _COMMENT.search(line)
    return _BRACKETS.match(comment["text"]) if comment else None


def _evaluate_comment(brackets: "re.Match[str]", true_names: frozenset[str], place: str) -> bool | None:
    """None: what stands in the brackets was not meant as a selector."""
    words = _WORDS.findall(brackets["expression"])
    names = [word for word in words if word not in {"(", ")", "and", "or", "not"}]
    unknown = [name for name in names if name not in _KNOWN]
    value = _Expression(words, true_names).evaluate()
    if value is None and names and not unknown:
        raise ManifestInvalidError(
            f"{place}: the selector [{brackets['expression']}] cannot be understood.",
            hint="names joined by and, or, not and parentheses, as in: # [linux and (x86_64 or aarch64)]",
        )
    if not unknown:
        return value
    if value is None or brackets["before"].strip() or not all(map(_NAME.match, names)):
        return None
    raise ManifestInvalidError(
        f"{place}: {unknown[0]!r} in [{brackets['expression']}] is no platform, and programs differ on whether the line"
        " counts then.",
        hint=_suggest(unknown[0]),
    )


def _suggest(name: str) -> str:
    from pyve.project.nearest_name import find_nearest_name

    nearest = find_nearest_name(name, _KNOWN)
    if nearest:
        return f"did you mean {nearest}?"
    return "a platform, as in # [linux], # [osx and arm64], # [win]; a comment without brackets"


class _Expression:
    """`or` binds weaker than `and`, `and` weaker than `not`."""

    def __init__(self, words: list[str], true_names: frozenset[str]) -> None:
        self._words: Iterator[str] = iter((*words, ""))
        self._word = next(self._words)
        self._true_names = true_names
        self._depth = 0

    def evaluate(self) -> bool | None:
        """Return the value, None where the words are no expression."""
        value = self._any()
        return value if self._word == "" else None

    def _step(self) -> None:
        self._word = next(self._words, "")

    def _any(self) -> bool | None:
        value = self._all()
        while self._word == "or" and value is not None:
            self._step()
            other = self._all()
            value = None if other is None else value or other
        return value

    def _all(self) -> bool | None:
        value = self._one()
        while self._word == "and" and value is not None:
            self._step()
            other = self._one()
            value = None if other is None else value and other
        return value

    def _one(self) -> bool | None:
        word = self._word
        if self._depth >= _MOST_NESTED or word in {"", ")", "and", "or"}:
            return None
        self._step()
        if word not in {"not", "("}:
            return word in self._true_names
        self._depth += 1
        value = self._one() if word == "not" else self._any()
        self._depth -= 1
        if word == "not":
            return None if value is None else not value
        if self._word != ")":
            return None
        self._step()
        return value
