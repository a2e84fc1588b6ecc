"""How work below the command line reports how far it is, without knowing who shows it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ProgressEvent:
    """One step: `phase` is a stable word ("wait", "create", "install", "probe"), `message` is for people.

    `detail` marks an installer's own output line, shown only with --verbose.
    """

    phase: str
    message: str
    detail: bool = False


Progress = Callable[[ProgressEvent], None]


def report_nothing(event: ProgressEvent) -> None:
    """A Progress that shows nothing."""
