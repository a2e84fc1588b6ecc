"""The language of fish 3.1 and newer."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fish:
    """In single quotes only the quote and the backslash have to be escaped (fish language, Quotes)."""

    name: str = "fish"
    extension: str = "fish"

    def quote(self, value: str) -> str:
        """A single-quoted word."""
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def join(self, words: Iterable[str]) -> str:
        """Words with spaces between them."""
        return " ".join(words)
