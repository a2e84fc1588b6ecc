"""The results of one run, and the one table they make."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contenders import Contender
from counting import Count, Counts
from events import Event
from typed_mode import TYPED

BARE, PYVE, EVALUATED = "bare shell", "pyve", "pyve, evaluated"


@dataclass(frozen=True, kw_only=True)
class Results:
    """Of one shell, by contender's name; seconds. `skipped` says why a contender is not there."""

    shell: str
    loops: Mapping[str, Mapping[Event, float]]
    typed: Mapping[str, Mapping[str, float]]
    startup: Mapping[str, float]
    counts: Mapping[str, Counts]
    skipped: Mapping[str, str]

    def loop(self, name: str, event: Event) -> float | None:
        """Seconds of one event in loop mode, or None when it was not measured."""
        return self.loops.get(name, {}).get(event)


def render_table(results: Sequence[Results], contenders: Sequence[Contender]) -> list[str]:
    """The lines of the Markdown table."""
    headings = [
        *("shell", "contender", *(event.value for event in Event)),
        *(f"typed: {what}" for what in TYPED),
        *("start", "processes / system calls: prompt", "cd in + out", "start"),
    ]
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    for result in results:
        lines += ["| " + " | ".join(_cells(result, one)) + " |" for one in contenders]
    return lines


def _cells(result: Results, one: Contender) -> Iterator[str]:
    yield result.shell
    yield one.name
    if reason := result.skipped.get(one.name):
        yield reason
        yield from [""] * (len(Event) + len(TYPED) + 3)
        return
    for event in Event:
        yield _time(result.loop(one.name, event), result.loop(PYVE, event), one.name)
    for what in TYPED:
        yield _milliseconds(result.typed.get(one.name, {}).get(what), one.name)
    yield _milliseconds(result.startup.get(one.name), one.name)
    counts = result.counts.get(one.name)
    yield _count(counts.events.get(Event.INSIDE) if counts else None)
    yield _count(counts.events.get(Event.ROUND) if counts else None)
    yield _count(counts.start if counts else None)


def _time(seconds: float | None, of_pyve: float | None, name: str) -> str:
    shown = _milliseconds(seconds, name)
    if seconds is None or of_pyve is None or name in (BARE, PYVE) or of_pyve <= 0:
        return shown
    ratio = seconds / of_pyve
    return f"{shown} ({ratio:.0f}x)" if ratio >= 10 else f"{shown} ({ratio:.1f}x)"


def _milliseconds(seconds: float | None, name: str) -> str:
    if seconds is None:
        return "-"
    value = seconds * 1000
    digits = 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"({value:.{digits}f})" if name == BARE else f"{value:.{digits}f}"


def _count(count: Count | None) -> str:
    return "-" if count is None else f"{_number(count.processes)} / {_number(count.calls)}"


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"
