"""Time two commands in turn, as whole processes, and compare neighbouring runs."""

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Contender:
    """A series of commands that are timed together; `prepare` runs before each, untimed."""

    name: str
    commands: Sequence[Sequence[str]]
    directory: Path
    environment: Mapping[str, str]
    prepare: Callable[[], None] = lambda: None

    def run(self) -> float:
        """Seconds from the first command's start to the last one's end; raises when one fails."""
        self.prepare()
        start = time.perf_counter()
        for command in self.commands:
            subprocess.run(command, cwd=self.directory, env=dict(self.environment), check=True, capture_output=True)
        return time.perf_counter() - start


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Medians in seconds, and the median of the pairwise ratios first / second."""

    first: float
    second: float
    ratio: float


def compare(first: Contender, second: Contender, *, runs: int) -> Comparison:
    """Run both in turn, once uncounted, then `runs` times."""
    first.run(), second.run()
    pairs = [(first.run(), second.run()) for _ in range(runs)]
    return Comparison(
        first=statistics.median(pair[0] for pair in pairs),
        second=statistics.median(pair[1] for pair in pairs),
        ratio=statistics.median(pair[0] / pair[1] for pair in pairs),
    )
