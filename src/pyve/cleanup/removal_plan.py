"""What a cleanup will remove, what it keeps and why, and what it refuses: decided, shown, then done as shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

RemovalKind = Literal[
    "environment",
    "unfinished-build",
    "remnant",
    "link",
    "moved-aside",
    "build-output",
    "block",
    "exclude-line",
    "file",
    "folder",
    "store-folder",
    "program",
    "state",
]


@dataclass(frozen=True, kw_only=True)
class Removal:
    """One thing to take away; for `moved-aside`, to move back.

    `project` and `path` are absolute; `bytes` is what it frees on disk. `detail` is the fingerprint of an environment,
    the line of an ignore file, the digest of a file or program, the name that something was moved to. `created` says
    that pyve made the file which the line stands in.
    """

    project: str
    path: str
    kind: RemovalKind
    reason: str
    bytes: int = 0
    detail: str = ""
    created: bool = False


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Something a person could expect to go, and why it stays."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Something that should go and cannot safely; `reason` says what has to happen first."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RemovalPlan:
    """The plan. `remove` is in the order of execution."""

    remove: tuple[Removal, ...] = ()
    keep: tuple[Kept, ...] = ()
    refused: tuple[Refused, ...] = ()

    bytes: int = 0


def join_plans(plans: Iterable[RemovalPlan]) -> RemovalPlan:
    """One plan that does what `plans` do, one after the other."""
    plans = tuple(plans)
    remove = tuple(removal for plan in plans for removal in plan.remove)
    return RemovalPlan(
        remove=remove,
        keep=tuple(kept for plan in plans for kept in plan.keep),
        refused=tuple(refused for plan in plans for refused in plan.refused),
        bytes=sum(removal.bytes for removal in remove),
    )
