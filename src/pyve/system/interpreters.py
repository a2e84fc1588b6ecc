"""Which Python interpreters this machine has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """One interpreter that answered: `executable` is absolute and never inside a virtual environment.

    `source` says where it was found: "PATH", "pyenv", "asdf", "mise", "uv", "registry".
    """

    executable: Path
    implementation: str  # "cpython", "pypy", as sys.implementation.name
    version: tuple[int, int, int]
    version_text: str  # PEP 440, with the pre-release: "3.15.0rc1"
    prerelease: bool
    free_threaded: bool
    machine: str  # "x86_64", "arm64"
    bits: int
    source: str


def list_interpreters(*, environment: Mapping[str, str], home: Path | None, cache_directory: Path) -> Iterator[Interpreter]:
    """Every usable interpreter of this machine, in no promised order; what does not answer is left out."""
    raise NotImplementedError
