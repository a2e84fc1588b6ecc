"""Start processes: the only module that imports subprocess."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO


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


GroupLeader = subprocess.Popen[bytes]
"""A process that start_group_leader started."""


def start_group_leader(
    command: Sequence[str | os.PathLike[str]],
    *,
    environment: Mapping[str, str],
    errors: IO[bytes],
    output: IO[bytes] | None = None,
    directory: Path | None = None,
    inherited_descriptors: Sequence[int] = (),
) -> GroupLeader:
    """Start `command` in a session of its own, out of the terminal's Ctrl-C; `system.process_group` ends it.

    Without an `output` its stdin and stdout are pipes to this process; with one it reads nothing. Raises OSError when
    it cannot be started.
    """
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP
    return subprocess.Popen(
        [os.fspath(word) for word in command],
        env=dict(environment),
        cwd=directory,
        stdin=subprocess.PIPE if output is None else subprocess.DEVNULL,
        stdout=subprocess.PIPE if output is None else output,
        stderr=errors,
        pass_fds=() if sys.platform == "win32" else tuple(inherited_descriptors),
        start_new_session=sys.platform != "win32",
        creationflags=flags,
    )


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            process.kill()
