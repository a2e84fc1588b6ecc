"""What pyve has to know of a shell's language: how a text is quoted and how a list is written."""

from collections.abc import Iterable
from typing import Protocol


class Dialect(Protocol):
    """One shell's language. `extension` is that of its files, without the dot.

    `script_ending` is that of the scripts which conda packages bring for it.
    """

    @property
    def name(self) -> str:
        """What users call the shell: bash, zsh, fish, pwsh."""
        ...

    @property
    def extension(self) -> str:
        """The extension of the shell's files."""
        ...

    @property
    def script_ending(self) -> str:
        """The ending of the files in a prefix's etc/conda/activate.d that this shell sources: sh, fish, ps1."""
        ...

    def quote(self, value: str) -> str:
        """One word that the shell reads as exactly `value`, in any state of its options; never with a NUL in it."""
        ...

    def path(self, path: str) -> str:
        """A path of this machine as the shell's own commands have it."""
        ...

    def search_path(self, entries: str) -> str:
        """The value of this machine's PATH as the shell has it."""
        ...

    def join(self, words: Iterable[str]) -> str:
        """Quoted words as the inside of a list literal; nothing for none."""
        ...
