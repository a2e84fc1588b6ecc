"""The language of PowerShell 5.1 and 7."""

from collections.abc import Iterable
from dataclasses import dataclass

# What PowerShell takes for a single quote besides the ASCII one (about_Quoting_Rules, char traits of the tokenizer).
_QUOTES = "'\u2018\u2019\u201a\u201b"


@dataclass(frozen=True)
class Pwsh:
    """In single quotes only quotes have to be doubled, the typographic ones included."""

    name: str = "pwsh"
    extension: str = "ps1"
    script_ending: str = "ps1"

    def quote(self, value: str) -> str:
        """A single-quoted string."""
        return "'" + "".join(letter * 2 if letter in _QUOTES else letter for letter in value) + "'"

    def path(self, path: str) -> str:
        """As it is."""
        return path

    def search_path(self, entries: str) -> str:
        """As it is."""
        return entries

    def join(self, words: Iterable[str]) -> str:
        """Words with commas between them."""
        return ", ".join(words)
