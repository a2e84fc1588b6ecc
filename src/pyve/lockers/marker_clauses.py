"""Markers (PEP 508) as alternatives of comparisons that hold together, to take apart and put together again."""

import re
from collections.abc import Iterable

Clause = frozenset[str]  # comparisons, normalised: `sys_platform == 'linux'`; all hold
Clauses = frozenset[Clause]  # at least one holds: none never does, an empty one always

ALWAYS: Clauses = frozenset({frozenset()})
NEVER: Clauses = frozenset()

_TOKEN = re.compile(r"\s*(?:(\()|(\))|('[^']*'|\"[^\"]*\")|(not\s+in\b|[A-Za-z_][\w.]*)|(===|==|~=|!=|<=|>=|<|>))")
_MOST_CLAUSES = 4096  # uv's own markers have a few


class MarkerTooLargeError(ValueError):
    """A marker has more alternatives than anybody could read."""


def parse_clauses(marker: str) -> Clauses:
    """Return the alternatives of `marker`; ValueError where it is none, MarkerTooLargeError where it has too many."""
    tokens = _tokenise(marker)
    clauses = _parse_or(tokens)
    if tokens:
        raise ValueError(f"not a marker: {marker}")
    return clauses


def render_clauses(clauses: Clauses) -> str | None:
    """Return them as the text of a marker, in an order of their own, or None where they always hold.

    ValueError for NEVER, which no marker can say.
    """
    if clauses == ALWAYS:
        return None
    if not clauses:
        raise ValueError("nothing can be said that never holds")
    parts = sorted((sorted(clause) for clause in clauses), key=lambda part: (part, len(part)))
    texts = [" and ".join(part) for part in parts]
    if len(texts) == 1:
        return texts[0]
    return " or ".join(f"({text})" if len(part) > 1 else text for part, text in zip(parts, texts, strict=True))


def both(first: Clauses, second: Clauses) -> Clauses:
    """Return what holds where both do."""
    if len(first) * len(second) > _MOST_CLAUSES:
        raise MarkerTooLargeError("too many alternatives")
    return shorten(one | other for one in first for other in second)


def either(first: Clauses, second: Clauses) -> Clauses:
    """Return what holds where one of them does."""
    return shorten((*first, *second))


def shorten(clauses: Iterable[Clause]) -> Clauses:
    """Leave out what another alternative covers already."""
    known = frozenset(clauses)
    return frozenset(one for one in known if not any(other < one for other in known))


def _tokenise(marker: str) -> list[str]:
    tokens, position = list[str](), 0
    text = marker.strip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            raise ValueError(f"not a marker: {marker}")
        tokens.append(re.sub(r"\s+", " ", found[0].strip()))
        position = found.end()
    return tokens[::-1]  # taken from the end


def _parse_or(tokens: list[str]) -> Clauses:
    clauses = _parse_and(tokens)
    while tokens and tokens[-1] == "or":
        tokens.pop()
        clauses = either(clauses, _parse_and(tokens))
    return clauses


def _parse_and(tokens: list[str]) -> Clauses:
    clauses = _parse_one(tokens)
    while tokens and tokens[-1] == "and":
        tokens.pop()
        clauses = both(clauses, _parse_one(tokens))
    return clauses


def _parse_one(tokens: list[str]) -> Clauses:
    if tokens and tokens[-1] == "(":
        tokens.pop()
        clauses = _parse_or(tokens)
        if not tokens or tokens.pop() != ")":
            raise ValueError("a marker's bracket is not closed")
        return clauses
    if len(tokens) < 3:
        raise ValueError("a marker ends too early")
    left, operator, right = tokens.pop(), tokens.pop(), tokens.pop()
    return frozenset({frozenset({f"{_quote(left)} {operator} {_quote(right)}"})})


def _quote(token: str) -> str:
    inner = token[1:-1]
    return f"'{inner}'" if token.startswith('"') and "'" not in inner else token
