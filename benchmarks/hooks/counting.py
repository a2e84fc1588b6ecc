"""Processes and system calls of an event, counted by strace on a whole interactive shell: exact, whatever the load.

Two sessions that differ in the number of events alone are compared, so that starting and ending cancel out.
"""

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contenders import Contender
from events import Event, has_event, loops_file, plan_loop
from place import Place
from terminal import Terminal

_CALL = re.compile(r"^\d+ +(\w+)\((.*)")
_FORKS = ("fork", "vfork", "clone", "clone3")
_FEW, _MANY = 2, 12  # turns; as many digits as it takes: the call is not typed but given with -c


@dataclass(frozen=True, kw_only=True)
class Count:
    """Of one event, or of a shell's start; above the bare shell when `minus` was used."""

    processes: float
    programs: float
    calls: float

    def minus(self, other: "Count") -> "Count":
        """What this one does more than the other."""
        return Count(
            processes=self.processes - other.processes,
            programs=self.programs - other.programs,
            calls=self.calls - other.calls,
        )

    def divided(self, by: float) -> "Count":
        """The share of one event."""
        return Count(processes=self.processes / by, programs=self.programs / by, calls=self.calls / by)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What a contender does in a shell, above the bare shell."""

    events: Mapping[Event, Count]
    start: Count


def can_count() -> bool:
    """Whether strace is here."""
    return shutil.which("strace") is not None


def count_all(place: Place, shell: str, contenders: Sequence[Contender]) -> Mapping[str, Counts]:
    """By contender's name; the first contender, the bare shell, is what the others are held against."""
    for one in contenders:
        _count_session(place, shell, one, "exit")  # what a shell does at its first start in a home
    bare_start = _count_session(place, shell, contenders[0], "exit")
    bare = {event: _count_event(place, shell, contenders[0], event) for event in Event}
    counted = {}
    for one in contenders[1:]:
        events = {
            event: _count_event(place, shell, one, event).minus(bare[event]) for event in Event if has_event(one, event)
        }
        start = _count_session(place, shell, one, "exit").minus(bare_start)
        counted[one.name] = Counts(events=events, start=start)
    return counted


def _count_event(place: Place, shell: str, contender: Contender, event: Event) -> Count:
    sessions = []
    for turns in (_FEW, _MANY):
        loop = plan_loop(event, contender, shell, turns=turns)
        # The first loop is the warm-up: what happens once, at a shell's first prompt, is in both sessions.
        warm = plan_loop(event, contender, shell, turns=1).call
        line = f"source '{loops_file(shell)}'; cd '{loop.directory}'; {warm}; {loop.call}; exit"
        sessions.append(_count_session(place, shell, contender, line))
    return sessions[1].minus(sessions[0]).divided((_MANY - _FEW) * loop.events_a_turn)


def _count_session(place: Place, shell: str, contender: Contender, line: str) -> Count:
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace"
        with Terminal(
            ["strace", "-f", "-qq", "-o", str(trace), shell, "-i", "-c", line],
            environment=place.shell_environment(contender.home),
            directory=contender.outside,
        ) as terminal:
            terminal.await_end()
        return read_trace(trace.read_text(encoding="utf-8", errors="replace"))


def read_trace(text: str) -> Count:
    """Count what strace has written. A thread is not a process; what failed to start is no program."""
    processes = programs = calls = 0
    for line in text.splitlines():
        found = _CALL.match(line)
        if not found:
            continue  # a signal, an end, or the second half of a call
        calls += 1
        if found[1] in _FORKS and "CLONE_THREAD" not in found[2]:
            processes += 1
        elif found[1] == "execve" and "= -1" not in found[2]:
            programs += 1
    return Count(processes=processes, programs=programs, calls=calls)
