"""Processes that are spoken with in lines."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyve.system.process_group import Conversation, start_conversation

ECHO = "import sys\nfor line in sys.stdin:\n    print('heard', line, end='', flush=True)\n"
FAMILY = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
sys.stdin.read()
"""


INTERRUPTING = "import os, signal, sys; sys.stdin.readline(); os.kill(os.getppid(), signal.SIGINT); sys.stdin.read()"

# What writing to a pipe that nobody reads any more is: Windows has an error of its own for it.
NOBODY_LISTENS = OSError if sys.platform == "win32" else BrokenPipeError

# How Windows has it, on every system too.
both_ways = pytest.mark.parametrize("polled", [False, True], ids=["read at once", "read by a thread"])


@pytest.fixture
def started() -> Iterator[list[Conversation]]:
    conversations: list[Conversation] = []
    yield conversations
    for one in conversations:
        one.kill()


def start(started: list[Conversation], code: str, tmp_path: Path, *, polled: bool = False) -> Conversation:
    one = start_conversation(
        [sys.executable, "-c", code], environment=dict(os.environ), errors=tmp_path / "errors.txt", polled=polled
    )
    started.append(one)
    return one


def is_running(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


@both_ways
def test_lines_go_there_and_back(started: list[Conversation], tmp_path: Path, polled: bool) -> None:
    one = start(started, ECHO, tmp_path, polled=polled)

    one.send("first é")
    assert one.receive() == "heard first é"
    one.send("second")
    assert one.receive() == "heard second"


@both_ways
def test_end_of_the_process_is_no_line(started: list[Conversation], tmp_path: Path, polled: bool) -> None:
    one = start(started, "import sys; sys.stdout.write('whole\\nhalf'); sys.exit(7)", tmp_path, polled=polled)

    assert one.receive() == "whole"
    assert [one.receive() for _ in range(3)] == [None] * 3
    assert one.kill() == 7


def test_what_it_says_on_stderr_is_kept(started: list[Conversation], tmp_path: Path) -> None:
    one = start(started, "import sys; sys.stderr.write('why')", tmp_path)

    assert one.receive() is None
    assert (tmp_path / "errors.txt").read_text() == "why"


def test_ended_process_cannot_be_told_anything(started: list[Conversation], tmp_path: Path) -> None:
    one = start(started, "pass", tmp_path)
    assert one.receive() is None

    def talk_on() -> None:
        while True:  # until it has not only closed its output, but ended
            one.send("anything")

    with pytest.raises(NOBODY_LISTENS):
        talk_on()


@pytest.mark.linux("proc(5) tells what runs")
@both_ways
def test_kill_takes_all_that_was_started_and_can_be_repeated(
    started: list[Conversation], tmp_path: Path, polled: bool
) -> None:
    one = start(started, FAMILY, tmp_path, polled=polled)
    child = int(one.receive() or "")
    assert is_running(child)

    assert one.kill() == -signal.SIGKILL
    assert one.kill() == -signal.SIGKILL

    deadline = time.monotonic() + 30
    while is_running(child):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.posix("sessions")
def test_terminal_of_this_process_does_not_reach_it(started: list[Conversation], tmp_path: Path) -> None:
    one = start(started, "import os; print(os.getpid(), os.getsid(0), os.getpgrp(), flush=True)", tmp_path)

    pid, session, group = (one.receive() or "").split()
    assert session == group == pid


@pytest.mark.posix("a signal to itself is what Ctrl-C is there")
@both_ways
def test_ctrl_c_ends_the_waiting_for_a_line(started: list[Conversation], tmp_path: Path, polled: bool) -> None:
    one = start(started, INTERRUPTING, tmp_path, polled=polled)

    def provoke() -> None:
        one.send("now")
        one.receive()

    with pytest.raises(KeyboardInterrupt):
        provoke()


def test_what_it_had_open_can_be_deleted_when_it_was_killed(started: list[Conversation], tmp_path: Path) -> None:
    one = start(started, FAMILY, tmp_path, polled=True)
    assert one.receive()

    one.kill()

    (tmp_path / "errors.txt").unlink()
