"""An interactive shell on a terminal of its own, typed into and read as a person would."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

PROMPT = re.compile(rb"\{(\d+)\}")  # numbered, so that a prompt that is drawn twice is not taken for the next one
_WAIT_SECONDS = 120.0
_QUIET_SECONDS = 0.03


class Terminal:
    """A program on a new pseudo-terminal; ended when the context is left."""

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str], directory: Path) -> None:
        self._process, self._master = pty.fork()
        if self._process == 0:
            try:
                os.chdir(directory)
                os.execvpe(command[0], list(command), dict(environment))
            finally:
                os._exit(127)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 500, 0, 0))
        self._number = 0

    def __enter__(self) -> "Terminal":  # noqa: PYI034 - typing.Self is not in Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._master)
        try:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
        except (ProcessLookupError, ChildProcessError):
            pass

    def await_prompt(self) -> bytes:
        """What was shown up to the next prompt, with it. Raises TimeoutError, EOFError."""
        shown = b""
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            shown += self._read(deadline - time.monotonic(), shown)
            numbers = [int(found[1]) for found in PROMPT.finditer(shown)]
            if numbers and max(numbers) > self._number:
                self._number = max(numbers)
                return shown

    def run(self, line: str) -> bytes:
        """Enter a line; what was shown until the next prompt."""
        os.write(self._master, line.encode() + b"\r")
        return self.await_prompt()

    def time_enter(self, line: str) -> float:
        """Seconds from Enter to the next prompt; the line is typed, and its echo seen, before."""
        os.write(self._master, line.encode())
        self.drain()
        start = time.perf_counter()
        os.write(self._master, b"\r")
        self.await_prompt()
        return time.perf_counter() - start

    def drain(self) -> None:
        """Read until nothing more is shown."""
        while select.select([self._master], [], [], _QUIET_SECONDS)[0]:
            os.read(self._master, 65536)

    def await_end(self) -> bytes:
        """What was shown until the program's end; raises ChildProcessError when it failed."""
        shown = b""
        deadline = time.monotonic() + _WAIT_SECONDS
        try:
            while True:
                shown += self._read(deadline - time.monotonic(), shown)
        except EOFError:
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        if status != 0:
            raise ChildProcessError(f"exit status {status}: {shown.decode(errors='replace')}")
        return shown

    def _read(self, timeout_seconds: float, shown: bytes) -> bytes:
        if not select.select([self._master], [], [], max(timeout_seconds, 0))[0]:
            raise TimeoutError(f"nothing more after: {shown.decode(errors='replace')}")
        try:
            read = os.read(self._master, 65536)
        except OSError as error:  # Linux reports the end of a terminal as an input/output error
            raise EOFError(shown.decode(errors="replace")) from error
        if not read:
            raise EOFError(shown.decode(errors="replace"))
        return read
