"""Whether the locks that are installed answer what is declared."""

from collections.abc import Iterator

from pyve.verbs.checks.findings import Finding, found
from pyve.verbs.demand import Demand


def examine_locks(demand: Demand) -> Iterator[Finding]:
    """What reading the project has told of its lock."""
    declaration = demand.spec.declaration
    if declaration.stale_lock:
        yield found(
            "lock-stale",
            f"{declaration.stale_lock}.",
            hint=declaration.lock_command or "pyve lock",
            cause="lock-stale",
        )
