"""How much longer an interactive shell takes to come and go with a contender's lines in its startup file."""

import time
from collections.abc import Callable, Mapping, Sequence

from contenders import Contender
from pairs import median_above
from place import Place
from terminal import Terminal


def time_startup(
    place: Place, shell: str, contenders: Sequence[Contender], *, rounds: int, before_round: Callable[[], None]
) -> Mapping[str, float]:
    """Seconds by contender's name: the bare shell's as they are, of others the median above the bare shell."""
    measured: dict[str, list[float]] = {one.name: [] for one in contenders}
    for number in range(rounds + 1):
        before_round()
        for one in contenders:
            seconds = _time_one(place, shell, one)
            if number:
                measured[one.name].append(seconds)
    bare = measured[contenders[0].name]
    return {name: median_above(values, bare) for name, values in measured.items()}


def _time_one(place: Place, shell: str, contender: Contender) -> float:
    start = time.perf_counter()
    with Terminal(
        [shell, "-i", "-c", "exit"],
        environment=place.shell_environment(contender.home),
        directory=contender.outside,
    ) as terminal:
        terminal.await_end()
        return time.perf_counter() - start
