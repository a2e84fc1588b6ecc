"""The language of zsh 5.3 and newer."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from pyve.activation.dialects.posix_paths import to_posix, to_posix_list

# Outside of the quotes: `rc_quotes` would read two of them as one, `csh_junkie_quotes` refuses a line end in them.
_OUTSIDE = str.maketrans({"'": "'\"'\"'", "\n": "'$'\\n''"})


@dataclass(frozen=True)
class Zsh:
    """Single quotes keep every byte but themselves, and the end of a line under some options (zshmisc, QUOTING)."""

    name: str = "zsh"
    extension: str = "zsh"
    script_ending: str = "sh"
    platform: str = sys.platform

    def quote(self, value: str) -> str:
        """A single-quoted word; quotes and line ends in it are written outside of them."""
        return "'" + value.translate(_OUTSIDE) + "'"

    def path(self, path: str) -> str:
        """On Windows in the form of MSYS."""
        return to_posix(path, platform=self.platform)

    def search_path(self, entries: str) -> str:
        """On Windows in the form of MSYS."""
        return to_posix_list(entries, platform=self.platform)

    def join(self, words: Iterable[str]) -> str:
        """Words with spaces between them."""
        return " ".join(words)
