"""How work below the command line reports how far it is, without knowing who shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class ProgressEvent:
    """One step: `message` is for people.

    `phase` is a stable word: "wait", "create", "solve", "download", "link", "install", "scripts" or "probe". `detail`
    marks an installer's own output line, shown only with --verbose. `done` of `total` is how far a phase that can be
    counted is, in `unit`; such events come often, and the next one of the phase replaces the last.
    """

    phase: str
    message: str
    detail: bool = False
    done: int | None = None
    total: int | None = None
    unit: Literal["bytes", "packages"] | None = None


Progress = Callable[[ProgressEvent], None]


def report_nothing(event: ProgressEvent) -> None:
    """A Progress that shows nothing."""
