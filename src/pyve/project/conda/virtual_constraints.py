"""What packages ask of the machine, and whether it still holds.

Only what the versions of virtual packages need is understood: numbers with dots (kernels, C libraries, macOS, CUDA).
Everything else counts as holding and is named, because an environment is not called stale for a guess.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyve.project.conda.package import CondaPackage

_SPEC = re.compile(r"\s*(?P<name>__[a-z0-9_]+)\s*(?P<rest>.*)", re.DOTALL)
_IN_BRACKETS = re.compile(r"""(?P<key>version|build)\s*=\s*(?P<quote>['"]?)(?P<value>[^'"\]]*)(?P=quote)""")
_TERM = re.compile(r"(?P<operator>>=|<=|==|!=|~=|=|<|>)?\s*(?P<version>[0-9][0-9a-z._*]*|\*)")
_PRE_RELEASE = re.compile(r"(?:a|b|rc|dev|alpha|beta)\d*")


@dataclass(frozen=True, kw_only=True)
class UnmetConstraint:
    """`package` (`name version`) asks for `constraint`, and the machine has `present` of it (empty: nothing)."""

    package: str
    name: str
    constraint: str
    present: str

    def sentence(self) -> str:
        """What a person reads: it begins with the package and has no full stop."""
        has = f"this machine has {self.present.partition('=')[0]}" if self.present else "this machine has none"
        return f"{self.package} needs {self.constraint}, and {has}"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """Constraints that do not hold, and those that are not understood and count as holding (`package: constraint`)."""

    unmet: tuple[UnmetConstraint, ...] = ()
    not_understood: tuple[str, ...] = ()


def names_asked_for(packages: Iterable[CondaPackage]) -> frozenset[str]:
    """The virtual packages that any of `packages` asks for."""
    return frozenset(
        match["name"]
        for package in packages
        for text in (*package.depends, *package.constrains)
        if text.lstrip().startswith("__") and (match := _SPEC.match(text))
    )


def judge_constraints(packages: Iterable[CondaPackage], now: Mapping[str, str]) -> Judgement:
    """Judge every constraint on a virtual package; `now` maps names to `version[=build]`.

    What a package `constrains` needs not be there, only not be another.
    """
    unmet, unclear = [], []
    for package in packages:
        needed = [(text, False) for text in package.depends] + [(text, True) for text in package.constrains]
        for text, may_lack in needed:
            match = _SPEC.match(text) if text.lstrip().startswith("__") else None
            if match is None or (may_lack and match["name"] not in now):
                continue
            label = f"{package.name} {package.version}"
            present = now.get(match["name"], "")
            holds = _holds(match["rest"], present) if match["name"] in now else False
            if holds is None:
                unclear.append(f"{label}: {text.strip()}")
            elif not holds:
                unmet.append(
                    UnmetConstraint(package=label, name=match["name"], constraint=text.strip(), present=present)
                )
    return Judgement(unmet=tuple(unmet), not_understood=tuple(unclear))


def _holds(rest: str, present: str) -> bool | None:
    """Whether `version[=build]` is what `rest` of a MatchSpec asks for; None: that is not understood."""
    version, build = _split(rest)
    has_version, _, has_build = present.partition("=")
    asked = [_matches(version, has_version) if version not in ("", "*") else True]
    if build not in ("", "*"):
        # Builds name processors, and one runs what is made for others: only the engine's table knows which.
        asked.append(True if build == (has_build or "0") else None)
    if any(one is False for one in asked):
        return False
    return None if None in asked else True


def _split(rest: str) -> tuple[str, str]:
    """(version, build) of what follows the name in a MatchSpec."""
    rest = rest.strip()
    if rest.startswith("["):
        values = {match["key"]: match["value"].strip() for match in _IN_BRACKETS.finditer(rest)}
        return (values.get("version", ""), values.get("build", "")) if values else (rest, "")
    version, _, build = re.sub(r"\s*([,|])\s*", r"\1", re.sub(r"([<>=!~])\s+", r"\1", rest)).partition(" ")
    return version, build.strip()


def _matches(expression: str, version: str) -> bool | None:
    present = _numbers(version)
    if present is None or "(" in expression:
        return None
    alternatives = [[_matches_term(term, present) for term in one.split(",")] for one in expression.split("|")]
    if any(None in terms for terms in alternatives):
        return None
    return any(all(terms) for terms in alternatives)


def _matches_term(term: str, present: tuple[int, ...]) -> bool | None:
    match = _TERM.fullmatch(term.strip())
    if match is None:
        return None
    operator, text = match["operator"] or "==", match["version"]
    if text == "*":
        return None if operator not in ("==", "=", ">=") else True
    is_prefix = text.endswith("*") or operator == "="
    wanted = _numbers(text.removesuffix("*").rstrip("."))
    if wanted is None or "*" in text[:-1]:
        return None
    begins = present[: len(wanted)] == wanted or _order(present[: len(wanted)], wanted) == 0
    if operator in ("==", "=", "!="):
        same = begins if is_prefix else _order(present, wanted) == 0
        return same is not (operator == "!=")
    order = _order(present, wanted)
    if operator == "~=":
        return None if len(wanted) < 2 else order >= 0 and present[: len(wanted) - 1] == wanted[:-1]
    return {">=": order >= 0, "<=": order <= 0, ">": order > 0, "<": order < 0}[operator]


def _numbers(version: str) -> tuple[int, ...] | None:
    """`2.36` as numbers, `3.0.a0` as what comes before 3.0; None for what is neither."""
    numbers: list[int] = []
    for part in version.split("."):
        match = re.fullmatch(r"(\d+)([a-z].*)?", part)
        if match:
            numbers.append(int(match[1]))
        suffix = (match[2] or "") if match else part
        if suffix:
            if not numbers or not _PRE_RELEASE.fullmatch(suffix):
                return None
            return (*numbers, -1)  # which version of a pre-release it is never matters to a machine's own versions
    return tuple(numbers)


def _order(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """-1, 0 or 1, as conda orders versions: what is not said counts as 0."""
    length = max(len(one), len(other))
    left, right = (numbers + (0,) * (length - len(numbers)) for numbers in (one, other))
    return (left > right) - (left < right)
