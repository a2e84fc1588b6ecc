"""Start processes: the only module that imports subprocess."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A process that ended: its exit status (negative: killed by that signal) and what it printed, as text."""

    exit_status: int
    stdout: str
    stderr: str


def run_captured(
    command: Sequence[str | os.PathLike[str]],
    *,
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
    timeout_seconds: float | None = None,
    input_text: str = "",
) -> Finished:
    """Run `command` to its end without a terminal and return what it printed.

    Raises OSError when it cannot be started and TimeoutError when it does not end in time (it is killed).
    """
    try:
        finished = subprocess.run(
            [os.fspath(word) for word in command],
            cwd=directory,
            env=None if environment is None else dict(environment),
            input=input_text,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{os.fspath(command[0])} did not end within {timeout_seconds} seconds") from error
    return Finished(exit_status=finished.returncode, stdout=finished.stdout, stderr=finished.stderr)


def run_streamed(
    command: Sequence[str | os.PathLike[str]],
    *,
    on_line: Callable[[str], None],
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
    inherited_descriptors: Sequence[int] = (),
) -> int:
    """Run `command`, hand each line of its merged stdout and stderr to `on_line`, return its exit status.

    `inherited_descriptors` stay open in the child (a build lock must outlive a killed parent). When this process is
    interrupted, the child gets the interrupt too (same process group), then is killed if it does not end.
    """
    with subprocess.Popen(
        [os.fspath(word) for word in command],
        cwd=directory,
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        pass_fds=() if sys.platform == "win32" else tuple(inherited_descriptors),
        close_fds=True,
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                on_line(line.rstrip("\r\n"))
        except BaseException:
            _end(process)
            raise
        return process.wait()


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
        process = subprocess.Popen(
            [os.fspath(word) for word in command],
            env=dict(environment),
            cwd=output.parent,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            pass_fds=() if sys.platform == "win32" else tuple(inherited_descriptors),
            start_new_session=sys.platform != "win32",
            creationflags=_own_group_flags(),
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


def run_in_foreground(
    command: Sequence[str] | str, *, environment: Mapping[str, str], directory: Path | None = None
) -> int:
    """Run `command` on this terminal, wait, and return its status as a shell would (128 + signal).

    A text is the whole command line of Windows. A status of Windows above 2**31, as crashes have it, is returned as
    the negative number that sys.exit makes the same status of. Raises OSError when it cannot be started.
    """
    words = command if isinstance(command, str) else list(command)
    with subprocess.Popen(words, env=dict(environment), cwd=directory) as process:
        while True:
            try:
                status = process.wait()
                break
            except KeyboardInterrupt:
                continue  # the child has the same Ctrl-C; what it does with it is its answer
    if sys.platform == "win32":
        return status - 2**32 if status >= 2**31 else status
    else:
        return status if status >= 0 else 128 - status


class Conversation:
    """A process with which one speaks in lines; it leads a group of its own, which ends as a whole."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def send(self, line: str) -> None:
        """Hand it one line. Raises OSError when it has ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def receive(self) -> str | None:
        """Its next line without the line's end; None when it has closed its output: it has ended, or is about to."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        return line.decode(errors="replace").rstrip("\r\n") if line.endswith(b"\n") else None

    def kill(self) -> int:
        """End it and all that it has started, at once, and return its exit status; may be called again."""
        if self._process.returncode is None:  # not waited for yet, so that the number is still its own
            _kill_group(self._process)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        return self._process.wait()


def start_conversation(
    command: Sequence[str | os.PathLike[str]],
    *,
    environment: Mapping[str, str],
    errors: Path,
    inherited_descriptors: Sequence[int] = (),
) -> Conversation:
    """Start `command` in a session of its own, out of the terminal's Ctrl-C; what it says to stderr goes to `errors`.

    The caller kills it, on every way out. Raises OSError when it cannot be started.
    """
    with errors.open("ab") as stderr:
        return Conversation(
            subprocess.Popen(
                [os.fspath(word) for word in command],
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                pass_fds=() if sys.platform == "win32" else tuple(inherited_descriptors),
                start_new_session=sys.platform != "win32",
                creationflags=_own_group_flags(),
            )
        )


def _own_group_flags() -> int:
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP
    return flags


def _has_ended(process: "subprocess.Popen[bytes]") -> bool:
    """Whether it has; where the system can tell so, its number stays its own, for killing its group by it."""
    if sys.platform == "linux":
        has_ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
    else:
        has_ended = process.poll() is not None
    return has_ended


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    if sys.platform == "win32":
        # No group of Windows can be killed; its tree can, as long as the root lives.
        with contextlib.suppress(OSError):
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
        process.kill()
    else:
        # PermissionError is what macOS says of a group that is dead already.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            process.kill()
