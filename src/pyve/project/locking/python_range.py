"""Whether a range of versions admits a Python; what the usual forms say is told without a library."""

import re

_PART = re.compile(r"^(?P<operator>>=|<=|==|!=|~=|<|>)(?P<version>\d{1,9}(?:\.\d{1,9})*)(?P<wildcard>\.\*)?$")
_PLAIN = re.compile(r"\d{1,9}(?:\.\d{1,9})*")
_KNOWN_MINORS = range(9, 16)  # of Python 3, for where none is named


def admits(specifier: str, version: str) -> bool:
    """Whether the range (PEP 440) holds `version` (`3.12`, `3.12.4`); of a minor version, whether it holds any of it.

    A range that cannot be understood holds everything: whoever reads it says so.
    """
    parts = [re.sub(r"\s+", "", part) for part in specifier.split(",") if part.strip()]
    matches = [_PART.match(part) for part in parts]
    if not all(matches) or not _PLAIN.fullmatch(version):
        return _ask_packaging(specifier, version)
    asked = _split(version)
    return all(_holds(match, asked) for match in matches if match)


def list_minors(specifier: str) -> tuple[str, ...]:
    """Return the minor versions of Python 3 that the range admits, of those that are in use."""
    versions = (f"3.{minor}" for minor in _KNOWN_MINORS)
    return tuple(version for version in versions if admits(specifier, version))


def _holds(match: "re.Match[str]", asked: tuple[int, ...]) -> bool:
    operator, bound = match["operator"], _split(match["version"])
    if match["wildcard"] or operator == "~=":
        stem = bound if match["wildcard"] else bound[:-1]
        inside = asked[: len(stem)] == stem[: len(asked)]
        above = operator != "~=" or _compare(asked, bound, is_open=True) >= 0
        return not (inside and len(asked) >= len(stem)) if operator == "!=" else inside and above
    # A minor version alone stands for all of its patches.
    low, high = _compare(asked, bound), _compare(asked, bound, is_open=True)
    results = {
        ">=": high >= 0,
        ">": high > 0,
        "<=": low <= 0,
        "<": low < 0,
        "==": low <= 0 <= high,
        "!=": not low == high == 0,
    }
    return results[operator]


def _compare(asked: tuple[int, ...], bound: tuple[int, ...], *, is_open: bool = False) -> int:
    """-1, 0 or 1; with `is_open` the latest patch of a minor version is meant."""
    width = max(len(asked), len(bound), 3)
    filler = 1 << 20 if is_open and len(asked) < 3 else 0
    left = asked + (filler,) * (width - len(asked))
    right = bound + (0,) * (width - len(bound))
    return (left > right) - (left < right)


def _split(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _ask_packaging(specifier: str, version: str) -> bool:
    from packaging.specifiers import SpecifierSet

    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except ValueError:  # no range, or one with numbers of thousands of digits
        return True
