"""Whether a lock still answers what is declared: by its content and theirs, never by the times of files."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pyve.project.locking.lock_target import LockTarget


class LockState(Enum):
    """What a lock is; all but FRESH and MISSING are told with a reason."""

    FRESH = "fresh"
    MISSING = "missing"
    STALE = "stale"  # something else is declared now
    EDITED = "edited"  # somebody changed what it pins
    EMPTY = "empty"  # it holds nothing, although something is declared
    DAMAGED = "damaged"  # truncated, merge conflict, not its format
    OTHER_PLATFORM = "other-platform"  # made for others than this one, or than configured
    OTHER_PYTHON = "other-python"


@dataclass(frozen=True, kw_only=True)
class LockJudgement:
    """`reasons` are sentences without a full stop, each naming what changed, how, and where it stands.

    `judged_by` is "digest" (the lock holds what it was made from) or "content" (another tool's: each thing declared
    is met by a pin).
    """

    state: LockState
    reasons: tuple[str, ...] = ()
    judged_by: str = "digest"

    @property
    def is_fresh(self) -> bool:
        """Whether it can be installed as an answer to what is declared."""
        return self.state is LockState.FRESH


def judge_python_lock(
    target: LockTarget,
    *,
    root: Path,
    environment: Mapping[str, str],
    platforms: tuple[str, ...],
    python_version: str | None = None,
) -> LockJudgement:
    """Judge a requirements.txt or pylock.toml. Nothing is resolved, no process started.

    `platforms` are those that it must cover; `python_version` is the one it is installed for, None where that is open.
    Raises LockTooNewError, and what reading the declaring files raises.
    """
    raise LookupError((target, root, environment, platforms, python_version))
