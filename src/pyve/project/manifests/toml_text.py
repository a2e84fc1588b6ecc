"""TOML files as plain tables, with failures that name file, line and column."""

import re
import sys
from typing import Any

from pyve.errors import ManifestInvalidError
from pyve.project.manifests.manifest_text import find_conflict_marker, hint_for_conflict


def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML; ValueError (of tomllib) where it is not."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def read_toml(text: str, shown: str) -> dict[str, Any]:
    """Parse the TOML file called `shown`, or raise ManifestInvalidError with line and column."""
    try:
        return parse_toml(text)
    except ValueError as error:
        conflict = find_conflict_marker(text)
        if conflict:
            raise refuse_conflict(shown, conflict, text) from error
        message = str(error)
        place = re.search(r"\s*\(at line (\d+), column (\d+)\)", message)
        if place:
            shown, message = f"{shown}:{place[1]}:{place[2]}", message.replace(place[0], "")
        if message.endswith(" (at end of document)"):
            last_line = len(text.rstrip().splitlines()) or 1
            shown, message = f"{shown}:{last_line}", message.replace(" (at end of document)", " at the end of the file")
        raise ManifestInvalidError(
            f"{shown}: this is not valid TOML: {message}.", hint="correct the file at that place"
        ) from error


def refuse_conflict(shown: str, line: int, text: str) -> ManifestInvalidError:
    """Say that a merge was left unresolved in `text`."""
    return ManifestInvalidError(
        f"{shown}:{line}: a merge conflict is still in this file.", hint=hint_for_conflict(text)
    )


def refuse_value(shown: str, line: int | None, message: str, *, hint: str | None = None) -> ManifestInvalidError:
    """Say what is wrong with a value of the file called `shown`."""
    return ManifestInvalidError(f"{shown}:{line}: {message}" if line else f"{shown}: {message}", hint=hint)
