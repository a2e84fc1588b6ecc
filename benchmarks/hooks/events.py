"""What happens at a prompt: the events that are timed and counted."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from contenders import Contender

LOOPS = Path(__file__).resolve().parent


class Event(Enum):
    """One event, with its heading in the table."""

    OUTSIDE = "prompt outside"
    DEEP = "20 levels down"
    INSIDE = "prompt inside"
    WITHIN = "cd within"
    ROUND = "cd in + out"


@dataclass(frozen=True, kw_only=True)
class Loop:
    """An event many times over: the directory to begin in, the call of the shell's loop, and events in each turn."""

    directory: Path
    call: str
    events_a_turn: int = 1


def has_event(contender: Contender, event: Event) -> bool:
    """Whether the event means anything for the contender: by hand, prompts are the bare shell's."""
    return not contender.only_startup and (event is Event.ROUND or not contender.by_hand)


def plan_loop(event: Event, contender: Contender, shell: str, *, turns: int) -> Loop:
    """How to let the event happen `turns` times in a shell that has read its loops file."""
    outside, project, inner = contender.outside, contender.project, contender.inner
    match event:
        case Event.OUTSIDE:
            return Loop(directory=outside, call=f"bench_prompts {turns}")
        case Event.DEEP:
            return Loop(directory=contender.deep, call=f"bench_prompts {turns}")
        case Event.INSIDE:
            return Loop(directory=project, call=f"bench_prompts {turns}")
        case Event.WITHIN:
            return Loop(directory=project, call=f"bench_moves {turns} '{inner}' '{project}'", events_a_turn=2)
        case Event.ROUND if contender.by_hand:
            script = contender.activate_script(shell)
            return Loop(directory=outside, call=f"bench_moves_by_hand {turns} '{project}' '{outside}' '{script}'")
        case Event.ROUND:
            return Loop(directory=outside, call=f"bench_moves {turns} '{project}' '{outside}'")


def loops_file(shell: str) -> Path:
    """The shell's own text of the loops."""
    return LOOPS / f"loops.{shell}"
