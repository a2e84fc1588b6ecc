"""The session that the tutorial shows is what a terminal shows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.recorded_session import hide_chance, make_place, read_recording, record


@pytest.mark.needs_index
@pytest.mark.slow
@pytest.mark.linux("the page shows a session there: its bash, and its sizes")
def test_tutorial_shows_what_a_terminal_shows(home: Path, tmp_path: Path, need_program: Callable[[str], str]) -> None:
    for program in ("tmux", "git", "bash"):
        need_program(program)
    place = make_place(tmp_path / "me", {})
    place.prepare()
    assert hide_chance(record(place)) == hide_chance(read_recording())
