"""Typed mode: a command is typed, and the time from Enter to the next prompt's text is taken outside of the shell."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from contenders import Contender
from pairs import median_above
from place import Place
from terminal import Terminal

TYPED = ("prompt", "cd in", "cd out")


def time_typed(
    place: Place, shell: str, contenders: Sequence[Contender], *, rounds: int, before_round: Callable[[], None]
) -> Mapping[str, Mapping[str, float]]:
    """Seconds, by contender's name and what was typed: the bare shell's as they are, others above the bare shell."""
    measured: dict[str, dict[str, list[float]]] = {}
    with ExitStack() as stack:
        terminals = {one.name: stack.enter_context(_start(place, shell, one)) for one in contenders}
        for number in range(rounds + 1):
            before_round()
            for one in contenders:
                for what, line in _lines(one, shell).items():
                    seconds = terminals[one.name].time_enter(line)
                    if number:
                        measured.setdefault(one.name, {}).setdefault(what, []).append(seconds)
    bare = measured[contenders[0].name]
    return {
        name: {what: median_above(values, bare[what]) for what, values in times.items()}
        for name, times in measured.items()
    }


def _start(place: Place, shell: str, contender: Contender) -> Terminal:
    terminal = Terminal([shell, "-i"], environment=place.shell_environment(contender.home), directory=contender.outside)
    terminal.await_prompt()
    return terminal


def _lines(contender: Contender, shell: str) -> dict[str, str]:
    enter, leave = f"cd '{contender.project}'", f"cd '{contender.outside}'"
    if contender.by_hand:
        enter, leave = f"{enter} && source '{contender.activate_script(shell)}'", f"{leave} && deactivate"
    return {"prompt": "true", "cd in": enter, "cd out": leave}
