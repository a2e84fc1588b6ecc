"""What the project promises of its hooks, and by how much a promise is missed."""

from collections.abc import Iterator
from dataclasses import dataclass

from events import Event
from table import EVALUATED, PYVE, Results

_DIRENV = ("direnv (PATH_add)", "direnv (layout)")
_MISE = ("mise",)
_STOCK = "venv 3.13, by hand"
_INSIDE_MILLISECONDS = {"bash": 0.03, "zsh": 0.03, "fish": 0.06}
_ROUND_MILLISECONDS = {"bash": 0.6, "zsh": 0.6, "fish": 1.0}


@dataclass(frozen=True, kw_only=True)
class Target:
    """A limit on what was measured: `measured` may not be above it, or, with `at_least`, not below."""

    shell: str
    what: str
    measured: float | None
    limit: float
    unit: str
    at_least: bool = False

    def is_met(self) -> bool | None:
        """None when it was not measured."""
        if self.measured is None:
            return None
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def render(self) -> str:
        """One line of a Markdown table."""
        limit = f"{'≥' if self.at_least else '≤'} {self.limit:g}{self.unit}"
        if self.measured is None:
            return f"| {self.shell} | {self.what} | {limit} | - | not measured |"
        verdict = "yes" if self.is_met() else f"NO, by {abs(self.measured - self.limit):.3g}{self.unit}"
        return f"| {self.shell} | {self.what} | {limit} | {self.measured:.3g}{self.unit} | {verdict} |"


def check_targets(results: Results) -> Iterator[Target]:
    """All promises for one shell."""
    shell = results.shell
    outside = _highest(results, (Event.OUTSIDE, Event.DEEP))
    inside, both = results.loop(PYVE, Event.INSIDE), results.loop(PYVE, Event.ROUND)

    def limit(what: str, seconds: float | None, milliseconds: float) -> Target:
        measured = None if seconds is None else seconds * 1000
        return Target(shell=shell, what=what, measured=measured, limit=milliseconds, unit=" ms")

    def below(what: str, peers: tuple[str, ...], event: Event, seconds: float | None, ratio: float) -> Target:
        times = [time for name in peers if (time := results.loop(name, event)) is not None]
        measured = min(times) / max(seconds, 1e-9) if times and seconds is not None else None
        return Target(shell=shell, what=what, measured=measured, limit=ratio, unit="x", at_least=True)

    yield limit("prompt outside, at any depth", outside, 0.015)
    yield below("prompt outside, below direnv", _DIRENV, Event.OUTSIDE, outside, 100)
    yield below("prompt outside, below mise", _MISE, Event.OUTSIDE, outside, 100)
    yield limit("prompt inside", inside, _INSIDE_MILLISECONDS[shell])
    yield below("prompt inside, below direnv", _DIRENV, Event.INSIDE, inside, 30)
    yield below("prompt inside, below mise", _MISE, Event.INSIDE, inside, 30)
    yield limit("cd in + out", both, _ROUND_MILLISECONDS[shell])
    yield below("cd in + out, below direnv", _DIRENV, Event.ROUND, both, 40)
    yield below("cd in + out, below stock activate", (_STOCK,), Event.ROUND, both, 1)
    yield limit("start, installed form", results.startup.get(PYVE), 1.0)
    counts = results.counts.get(PYVE)
    for event in Event:
        measured = counts.events[event].processes if counts else None
        yield Target(shell=shell, what=f"processes, {event.value}", measured=measured, limit=0, unit="")
    measured = counts.start.processes if counts else None
    yield Target(shell=shell, what="processes, start, installed form", measured=measured, limit=0, unit="")


def describe_evaluation(results: Results) -> str:
    """What the other form of the hook's line costs at a shell's start; it has no target."""
    seconds = results.startup.get(EVALUATED)
    cost = f"{seconds * 1000:.1f} ms" if seconds is not None else results.skipped.get(EVALUATED, "not measured")
    return f"{results.shell}: starting a shell with the evaluated form, `pyve hook {results.shell}`: {cost}."


def _highest(results: Results, events: tuple[Event, ...]) -> float | None:
    times = [results.loop(PYVE, event) for event in events]
    return None if None in times else max(time for time in times if time is not None)
