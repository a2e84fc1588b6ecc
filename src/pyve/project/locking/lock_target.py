"""A lock to make: the files that declare, the file that results, and the parts that are locked along."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Literal


class LockFormat(Enum):
    """What a lock file is written in; the value is how it is named to people and in configuration."""

    REQUIREMENTS = "requirements.txt"
    PYLOCK = "pylock.toml"
    CONDA_LOCK = "conda-lock.yml"


@dataclass(frozen=True, kw_only=True)
class LockPart:
    """An extra or a dependency group that a lock holds besides what is always installed.

    `source` is the file that it stands in: pyproject.toml, or a whole requirements file that is a group (a loose
    requirements-dev.txt is the group `dev` of a pylock.toml).
    """

    kind: Literal["extra", "group"]
    name: str
    source: Path


@dataclass(frozen=True, kw_only=True)
class LockTarget:
    """One lock. All paths are absolute.

    `sources` are read together: requirements.in, and pyproject.toml beside it where the project itself is installed;
    the first one gives the target its name. `parts` are locked too, and told apart where the format can; of
    `restricted_kinds` ("extra", "group") others were left out, because these were asked for by name. `above` are the
    locks that this one must agree with, because they are installed together: requirements.txt for requirements-dev.txt.
    `reason` is one sentence for people: why these files and this format.
    """

    sources: tuple[Path, ...]
    destination: Path
    format: LockFormat
    parts: tuple[LockPart, ...] = ()
    above: tuple[Path, ...] = ()
    restricted_kinds: frozenset[str] = frozenset()
    reason: str = ""

    @property
    def source(self) -> Path:
        """The file that gives the target its name."""
        return self.sources[0]
