"""Extras and groups in one pylock.toml, told apart by the markers of PEP 751.

Everything is resolved together, so that all parts can be installed together. Then what is always installed is resolved
alone, and with each part alone, held to the same versions: what is in which of these says for which part it is there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyve.lockers.marker_clauses import ALWAYS, NEVER, Clauses, both, either, parse_clauses, render_clauses
from pyve.lockers.platform_clauses import PlatformClauses
from pyve.project.locking.lock_target import LockPart

Row = Mapping[str, Any]
# What tells two rows of one name and version apart; files differ with the markers of the resolution they come from.
_SOURCES = ("version", "vcs", "directory", "archive", "index")


@dataclass(frozen=True, kw_only=True)
class PartResolutions:
    """The rows of all together, of what is always there (`base`), and of that with each part."""

    together: list[Row]
    base: list[Row]
    parts: Mapping[LockPart, list[Row]]


def merge_parts(resolutions: PartResolutions, platforms: PlatformClauses) -> list[dict[str, Any]]:
    """Return the rows of all together, each with the marker that says when it is there, sorted."""
    always = _read_markers(resolutions.base, platforms)
    of_parts = {part: _read_markers(rows, platforms) for part, rows in resolutions.parts.items()}
    merged = []
    for row in resolutions.together:
        key = _key_of(row)
        whole = always.get(key, NEVER)
        for part in sorted(of_parts, key=lambda one: (one.kind, one.name)):
            there = of_parts[part].get(key, NEVER)
            if there != always.get(key, NEVER):
                whole = either(whole, both(there, _marker_of(part)))
        if whole:
            merged.append(with_marker(row, render_clauses(whole)))
    return sort_rows(merged)


def with_marker(row: Row, marker: str | None) -> dict[str, Any]:
    """Return the row with another marker, None for none."""
    rest = {key: value for key, value in row.items() if key != "marker"}
    return rest if marker is None else {**rest, "marker": marker}


def sort_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return them in an order that only what they say decides."""
    return sorted(rows, key=lambda row: (row["name"], str(row.get("version", "")), json.dumps(row, default=str)))


def pins_of(rows: Iterable[Row]) -> list[str]:
    """Return the rows that an index has as lines of a constraints file."""
    lines = []
    for row in rows:
        if "version" in row and not any(key in row for key in ("vcs", "directory", "archive")):
            marker = f" ; {row['marker']}" if row.get("marker") else ""
            lines.append(f"{row['name']}=={row['version']}{marker}")
    return lines


def _marker_of(part: LockPart) -> Clauses:
    variable = "extras" if part.kind == "extra" else "dependency_groups"
    return frozenset({frozenset({f"'{part.name}' in {variable}"})})


def _read_markers(rows: list[Row], platforms: PlatformClauses) -> dict[str, Clauses]:
    found: dict[str, Clauses] = {}
    for row in rows:
        marker = row.get("marker")
        clauses = ALWAYS if marker is None else platforms.restrict(parse_clauses(marker))
        key = _key_of(row)
        found[key] = either(found.get(key, NEVER), clauses)
    return found


def _key_of(row: Row) -> str:
    sources = {key: row[key] for key in _SOURCES if key in row}
    return json.dumps([row["name"], sources], sort_keys=True, default=str)
