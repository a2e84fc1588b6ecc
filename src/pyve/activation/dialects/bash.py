"""The language of bash 3.2 and newer."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from pyve.activation.dialects.posix_paths import to_posix, to_posix_list


@dataclass(frozen=True)
class Bash:
    """Single quotes keep every byte but themselves (bash(1), QUOTING)."""

    name: str = "bash"
    extension: str = "bash"
    script_ending: str = "sh"
    platform: str = sys.platform

    def quote(self, value: str) -> str:
        """A single-quoted word; a quote in it is written outside of them."""
        return "'" + value.replace("'", "'\\''") + "'"

    def path(self, path: str) -> str:
        """On Windows in the form of MSYS."""
        return to_posix(path, platform=self.platform)

    def search_path(self, entries: str) -> str:
        """On Windows in the form of MSYS."""
        return to_posix_list(entries, platform=self.platform)

    def join(self, words: Iterable[str]) -> str:
        """Words with spaces between them."""
        return " ".join(words)
