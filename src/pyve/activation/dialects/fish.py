"""The language of fish 3.1 and newer."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from pyve.activation.dialects.posix_paths import to_posix, to_posix_list


@dataclass(frozen=True)
class Fish:
    """In single quotes only the quote and the backslash have to be escaped (fish language, Quotes)."""

    name: str = "fish"
    extension: str = "fish"
    script_ending: str = "fish"
    platform: str = sys.platform

    def quote(self, value: str) -> str:
        """A single-quoted word."""
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def path(self, path: str) -> str:
        """On Windows in the form of MSYS."""
        return to_posix(path, platform=self.platform)

    def search_path(self, entries: str) -> str:
        """On Windows in the form of MSYS."""
        return to_posix_list(entries, platform=self.platform)

    def join(self, words: Iterable[str]) -> str:
        """Words with spaces between them."""
        return " ".join(words)
