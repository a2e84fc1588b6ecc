"""An installer's output while it runs: redacted, into the log and to whoever shows progress."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from pyve.engines.redaction import Redact
from pyve.environments.progress import Progress, ProgressEvent
from pyve.system.files import tell_disk_errors

_PHASES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^Resolved (\d+) packages?\b"), "Installing {0} packages"),
    (re.compile(r"^\s+Building (\S+)"), "Building {0}"),
    (re.compile(r"^Building wheels? for collected packages: (.+)"), "Building {0}"),
    (re.compile(r"^Collecting (\S+)"), "Resolving: {0}"),
    (re.compile(r"^Installing collected packages: (.+)"), "Installing {0}"),
)


class InstallerOutput:
    """What one run of an installer printed, redacted, in order; call it with each line."""

    def __init__(self, write: Callable[[str], None], redact: Redact, progress: Progress) -> None:
        self.lines: list[str] = []
        self._write = write
        self._redact = redact
        self._progress = progress

    def __call__(self, line: str) -> None:
        """Take one line as the installer wrote it."""
        shown = self._redact(line)
        self.lines.append(shown)
        self._write(shown)
        self._progress(ProgressEvent(phase="install", message=shown, detail=True))
        message = describe_phase(shown)
        if message:
            self._progress(ProgressEvent(phase="install", message=message))

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)


def describe_phase(line: str) -> str | None:
    """What an installer's line says about how far it is, for people; None when it says nothing."""
    for pattern, message in _PHASES:
        found = pattern.match(line)
        if found:
            return message.format(found[1]).replace("Installing 1 packages", "Installing 1 package")
    return None


@contextmanager
def open_log(log: Path) -> Iterator[Callable[[str], None]]:
    """Append lines to `log` (made with mode 0600) while the block runs."""
    with tell_disk_errors(log):
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8", errors="replace", buffering=1) as stream:
            yield lambda line: _write_line(stream, line)


def command_line(command: Sequence[str | os.PathLike[str]], redact: Redact) -> str:
    """The command as the log shows it."""
    import shlex

    return redact("$ " + shlex.join(os.fspath(word) for word in command))


def _write_line(stream: TextIO, line: str) -> None:
    stream.write(f"{line}\n")
