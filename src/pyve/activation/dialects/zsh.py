"""The language of zsh 5.3 and newer."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Zsh:
    """Single quotes keep every byte but themselves; `rc_quotes` makes two of them one, so none stand together."""

    name: str = "zsh"
    extension: str = "zsh"

    def quote(self, value: str) -> str:
        """A single-quoted word; a quote in it is written outside of them, in double quotes."""
        return "'" + value.replace("'", "'\"'\"'") + "'"

    def join(self, words: Iterable[str]) -> str:
        """Words with spaces between them."""
        return " ".join(words)
