"""What a lock is made from, in canonical form: equal for every spelling, comments and order not counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.project.locking.lock_target import LockTarget


@dataclass(frozen=True, kw_only=True)
class LockInput:
    """One thing declared. `text` is canonical; `name` the package's, None for options and the like.

    `origin` is `requirements.in:3`. Texts of what is no plain requirement begin with what they are: `constraint: `,
    `group dev: `, `extra plot: `, `option: `, `requires-python: `, `conda: `, `channel: `, `pip: `.
    """

    text: str
    origin: str
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class LockInputs:
    """All that the sources of a target declare, in the order of the texts; `files` are all that were read."""

    inputs: tuple[LockInput, ...]
    files: tuple[Path, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """What the stamp holds."""
        return tuple(dict.fromkeys(one.text for one in self.inputs))


def read_lock_inputs(target: LockTarget, *, root: Path, environment: Mapping[str, str]) -> LockInputs:
    """Read the sources and parts of `target`. Raises what reading those manifests raises, with file and line."""
    raise LookupError((target, root, environment))
