"""Loop mode: one interactive shell a contender, its prompt machinery called many times, timed by the shell's clock."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from contenders import Contender
from events import Event, has_event, loops_file, plan_loop
from pairs import median_above
from place import Place
from terminal import Terminal

_CLOCK = re.compile(rb"clock=([\d.,]+),([\d.]+);")
_FISH_CLOCK = re.compile(rb"Executed in +([\d.]+) (\w+)")
_FISH_UNITS = {b"secs": 1.0, b"millis": 1e-3, b"micros": 1e-6, b"mins": 60.0}
_SLOW_TURNS = {Event.ROUND: 4, Event.WITHIN: 10}
_FAST_TURNS = {Event.ROUND: 100, Event.WITHIN: 300}

Times = Mapping[str, Mapping[Event, float]]


def time_loops(
    place: Place, shell: str, contenders: Sequence[Contender], *, rounds: int, before_round: Callable[[], None]
) -> Times:
    """Seconds an event, by contender's name: the bare shell's as they are, of others the median above the bare shell.

    In each round every contender has its turn, the first contender (the bare shell) first.
    """
    measured: dict[str, dict[Event, list[float]]] = {one.name: {} for one in contenders}
    with ExitStack() as stack:
        terminals = {one.name: stack.enter_context(_start(place, shell, one)) for one in contenders}
        for event in Event:
            chosen = [one for one in contenders if has_event(one, event) or one is contenders[0]]
            for number in range(rounds + 1):
                before_round()
                seconds = {one.name: _time_event(terminals[one.name], event, one, shell) for one in chosen}
                if number:  # the first one warms the caches
                    for name, value in seconds.items():
                        measured[name].setdefault(event, []).append(value)
    bare = measured[contenders[0].name]
    return {
        name: {event: median_above(values, bare[event]) for event, values in events.items()}
        for name, events in measured.items()
    }


def _start(place: Place, shell: str, contender: Contender) -> Terminal:
    terminal = Terminal([shell, "-i"], environment=place.shell_environment(contender.home), directory=contender.outside)
    terminal.await_prompt()
    terminal.run(f"source '{loops_file(shell)}'")
    return terminal


def _time_event(terminal: Terminal, event: Event, contender: Contender, shell: str) -> float:
    turns = (_SLOW_TURNS if contender.is_slow else _FAST_TURNS).get(event, 20 if contender.is_slow else 1000)
    loop = plan_loop(event, contender, shell, turns=turns)
    terminal.run(f"cd '{loop.directory}'")
    return read_clock(terminal.run(loop.call)) / (turns * loop.events_a_turn)


def read_clock(shown: bytes) -> float:
    """The seconds that a loop has reported. Raises ValueError when it has not."""
    if found := _CLOCK.search(shown):
        return float(found[2]) - float(found[1])
    if found := _FISH_CLOCK.search(shown):
        return float(found[1]) * _FISH_UNITS[found[2]]
    raise ValueError(f"no time in: {shown.decode(errors='replace')}")
