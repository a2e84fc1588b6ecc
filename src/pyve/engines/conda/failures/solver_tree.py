"""What a conda solver says of specs that cannot be satisfied, made fit to be read, and the specs it is about."""

import re
from collections.abc import Mapping

MOST_LINES = 40
MORE_LINES = "more lines"  # how a tree ends that was cut

_OPENINGS = (
    "Cannot solve the request because of:",
    "Could not solve for environment specs",
    "Encountered problems while solving:",
)
_LOG_PREFIX = re.compile(r"^(?:trace|debug|info|warning|error|critical)\s+libmamba\s?")
# Advice of engines to those who work with them by hand, and what they say beside the reason
_NOISE = re.compile(
    r"issue tracker|cache may be corrupted|report (?:the|this) (?:error|issue)|^Backtrace|^\s*\d+#|"
    r"does not seem solvable in your current setup|^The environment can't be solved|"
    r"^(?:For instance, packages from different channels|whilst your current configuration|If it is the case, you need|"
    r"- adapt the channel ordering|- use the flexible channel priority|see https?://)",
    re.IGNORECASE,
)
_BRANCH = re.compile(r"^[│ ]*[├└]─ ")
_DEEPER_BRANCH = re.compile(r"^[│ ]+[├└]─ ")
_VIRTUAL_NAME = re.compile(r"\b__[a-z][a-z0-9_]*\b")
_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_SPEC_NAME = re.compile(r"(?:.*::)?\s*(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)")


def tidy_tree(text: str, *, most_lines: int = MOST_LINES) -> str:
    """The engine's tree with its own indentation, without openings and advice; lines beyond `most_lines` counted."""
    lines: list[str] = []
    for raw in text.splitlines():
        line = _LOG_PREFIX.sub("", raw).rstrip()
        for opening in _OPENINGS:
            line = line.removeprefix(opening)
        if line.strip() and not _NOISE.search(line.strip()):
            lines.append(line)
    if not lines:
        return ""
    lines[0] = lines[0].strip()
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines[1:]), default=0)
    lines[1:] = [line[margin:] for line in lines[1:]]
    more = len(lines) - most_lines
    return "\n".join([*lines[:most_lines], *([f"... and {more} {MORE_LINES}"] if more > 0 else [])])


def find_virtual_names(tree: str) -> tuple[str, ...]:
    """The names of virtual packages in the tree, sorted."""
    return tuple(sorted(set(_VIRTUAL_NAME.findall(tree))))


def find_declared(text: str, origins: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """(spec, `file:line`) of the declared specs whose names stand at the root of `text`, in the order declared."""
    words: set[str] = set()
    for line in text.splitlines():
        if not _DEEPER_BRANCH.match(line):
            # In a branch it is the first word, and the package that it would require is no declaration
            found = _WORD.findall(_BRANCH.sub("", line))
            words |= {word.lower().rstrip(".") for word in (found[:1] if _BRANCH.match(line) else found)}
    return tuple((spec, origin) for spec, origin in origins.items() if name_of(spec) in words)


def name_of(spec: str) -> str:
    """The package name that a MatchSpec text begins with, in lower case; empty for what is none."""
    match = _SPEC_NAME.match(spec)
    return match["name"].lower() if match else ""
