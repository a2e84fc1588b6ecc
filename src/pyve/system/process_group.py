"""Processes that lead a group of their own, which ends as a whole: nothing that they started runs on."""

import contextlib
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pyve.system.process import GroupLeader, run_captured, start_group_leader

_POLL_SECONDS = 0.1  # between two looks whether Ctrl-C was pressed, where nothing else tells
_CLOSING_SECONDS = 10


def run_group(
    command: Sequence[str | os.PathLike[str]],
    *,
    output: Path,
    errors: Path,
    environment: Mapping[str, str],
    on_wait: Callable[[], None],
    inherited_descriptors: Sequence[int] = (),
) -> int:
    """Run `command` in a session of its own, its stdout and stderr into files; return its exit status.

    `on_wait` is called now and then meanwhile. Nothing that the command started is left when this returns or raises.
    Raises OSError when it cannot be started.
    """
    with output.open("wb") as stdout, errors.open("wb") as stderr:
        process = start_group_leader(
            command,
            environment=environment,
            directory=output.parent,
            output=stdout,
            errors=stderr,
            inherited_descriptors=inherited_descriptors,
        )
    pause_seconds = 0.001
    try:
        while not _has_ended(process):
            time.sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 1.5, 0.05)
            on_wait()
    finally:
        _kill_group(process)
        exit_status = process.wait()
    return exit_status


class Conversation:
    """A process with which one speaks in lines.

    `polled`: a thread reads its lines. On Windows nothing, Ctrl-C neither, wakes whoever waits for a pipe.
    """

    def __init__(self, process: GroupLeader, *, polled: bool) -> None:
        self._process = process
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read_on, daemon=True) if polled else None
        if self._reader is not None:
            self._reader.start()

    def send(self, line: str) -> None:
        """Hand it one line. Raises OSError when it has ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def receive(self) -> str | None:
        """Its next line without the line's end; None when it has closed its output: it has ended, or is about to."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline() if self._reader is None else self._await_line()
        return line.decode(errors="replace").rstrip("\r\n") if line.endswith(b"\n") else None

    def kill(self) -> int:
        """End it and all that it has started, at once, and return its exit status; may be called again."""
        if self._process.returncode is None:  # not waited for yet, so that the number is still its own
            _kill_group(self._process)
        if self._reader is not None:
            self._reader.join(_CLOSING_SECONDS)  # until the last of the group is gone, and what it had open with it
        is_read = self._reader is not None and self._reader.is_alive()
        for stream in (self._process.stdin, None if is_read else self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        return self._process.wait()

    def _await_line(self) -> bytes:
        while True:
            with contextlib.suppress(queue.Empty):
                line = self._lines.get(timeout=_POLL_SECONDS)
                if not line:
                    self._lines.put(line)  # whoever asks again is told the same
                return line

    def _read_on(self) -> None:
        assert self._process.stdout is not None
        line = b"\n"
        while line:
            line = self._process.stdout.readline()
            self._lines.put(line)


def start_conversation(
    command: Sequence[str | os.PathLike[str]],
    *,
    environment: Mapping[str, str],
    errors: Path,
    inherited_descriptors: Sequence[int] = (),
    polled: bool = sys.platform == "win32",
) -> Conversation:
    """Start `command` in a session of its own, out of the terminal's Ctrl-C; what it says to stderr goes to `errors`.

    The caller kills it, on every way out. Raises OSError when it cannot be started.
    """
    with errors.open("ab") as stderr:
        leader = start_group_leader(
            command, environment=environment, errors=stderr, inherited_descriptors=inherited_descriptors
        )
    return Conversation(leader, polled=polled)


def _has_ended(process: GroupLeader) -> bool:
    """Whether it has; where the system can tell so, its number stays its own, for killing its group by it."""
    if sys.platform == "linux":
        has_ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
    else:
        has_ended = process.poll() is not None
    return has_ended


def _kill_group(process: GroupLeader) -> None:
    if sys.platform == "win32":
        # No group of Windows can be killed; its tree can, as long as the root lives. By its path: a name alone would be
        # looked for in the working directory, which is a repository's, before the system's.
        program = os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "taskkill.exe")
        with contextlib.suppress(OSError):
            run_captured([program, "/T", "/F", "/PID", str(process.pid)])
        process.kill()
    else:
        # PermissionError is what macOS says of a group that is dead already.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
