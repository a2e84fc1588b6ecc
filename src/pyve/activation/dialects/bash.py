"""The language of bash 3.2 and newer."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bash:
    """Single quotes keep every byte but themselves (bash(1), QUOTING)."""

    name: str = "bash"
    extension: str = "bash"

    def quote(self, value: str) -> str:
        """A single-quoted word; a quote in it is written outside of them."""
        return "'" + value.replace("'", "'\\''") + "'"

    def join(self, words: Iterable[str]) -> str:
        """Words with spaces between them."""
        return " ".join(words)
