"""The completion files that are shipped with pyve, by shell."""

from collections.abc import Mapping

from pyve.system.bundled_files import find_bundled_file, read_bundled_file

COMPLETION_FILES: Mapping[str, str] = {"bash": "pyve.bash", "zsh": "_pyve", "fish": "pyve.fish", "pwsh": "pyve.ps1"}


def find_completion_file(shell: str) -> str:
    """Where the completion file of a shell of COMPLETION_FILES lies; raises InstallationDamagedError."""
    return find_bundled_file("completions", COMPLETION_FILES[shell])


def read_completion_file(shell: str) -> bytes:
    """Its content; raises InstallationDamagedError."""
    return read_bundled_file("completions", COMPLETION_FILES[shell])
