"""Progress on stderr: a spinner on a terminal once it takes over half a second, plain lines elsewhere."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyve.cli.present.progress_count import show_count, show_in_line
from pyve.cli.present.text import Paper, words
from pyve.cli.present.visible import make_visible
from pyve.environments.progress import Progress, ProgressEvent, report_nothing

if TYPE_CHECKING:
    from rich.status import Status
    from rich.text import Text

_PATIENCE_SECONDS = 0.5
_SPINNER_COLUMNS = 3  # the spinner, a space, and the column that some terminals wrap at
_LINE_SECONDS = 10.0
_QUARTER_SECONDS = 2.0  # what is quicker needs no quarters


@contextmanager
def show_progress(paper: Paper, *, quiet: bool, verbose: bool) -> Iterator[Progress]:
    """Yield the callback that shows events until the block ends."""
    if quiet:
        yield report_nothing
        return
    if not sys.stderr.isatty():
        yield PlainLines(_write_line, verbose=verbose).show
        return
    spinner = _Spinner(paper, verbose=verbose)
    try:
        yield spinner.show
    finally:
        spinner.stop()


def _write_line(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


class PlainLines:
    """A line an event, but of what is counted one a phase, and one each quarter or ten seconds of what takes long."""

    def __init__(
        self, write: Callable[[str], None], *, verbose: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._write = write
        self._verbose = verbose
        self._clock = clock
        self._last_line = ""
        self._phase = ""
        self._wrote_at = 0.0
        self._quarter = 0

    def show(self, event: ProgressEvent) -> None:
        """Write what `event` says, unless it was just said."""
        if event.done is None:
            self._phase = ""
            if event.detail and self._verbose:
                self._say(f"  {event.message}")
            elif not event.detail and event.message != self._last_line:
                self._say(event.message)
            return
        quarter = event.done * 4 // event.total if event.total else 0
        if event.phase != self._phase:
            self._phase, self._quarter = event.phase, quarter
            if event.message != self._last_line:
                self._say(event.message)
        elif self._is_due(event, quarter):
            self._quarter = quarter
            self._say(f"  {show_count(event)}")

    def _is_due(self, event: ProgressEvent, quarter: int) -> bool:
        if event.unit != "bytes":
            return False
        waited = self._clock() - self._wrote_at
        return waited >= _LINE_SECONDS or (quarter > self._quarter and waited >= _QUARTER_SECONDS)

    def _say(self, line: str) -> None:
        self._last_line = line
        self._wrote_at = self._clock()
        self._write(make_visible(line))


class _Spinner:
    """A spinner with the latest message, started when the first event is half a second old."""

    def __init__(self, paper: Paper, *, verbose: bool) -> None:
        self._paper = paper
        self._verbose = verbose
        self._event: ProgressEvent | None = None
        self._status: Status | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(_PATIENCE_SECONDS, self._start)
        self._timer.daemon = True
        self._ended = False

    def show(self, event: ProgressEvent) -> None:
        with self._lock:
            if event.detail:
                if self._verbose:
                    self._print(event.message)
                return
            if self._event is None:
                self._timer.start()
            self._event = event
            if self._status is not None:
                self._status.update(self._line(event, self._status.console.width))

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._ended = True
            if self._status is not None:
                self._status.stop()

    def _start(self) -> None:
        with self._lock:
            if not self._ended and self._event is not None:
                console = self._paper.console(sys.stderr)
                self._status = console.status(self._line(self._event, console.width))
                self._status.start()

    @staticmethod
    def _line(event: ProgressEvent, width: int) -> "Text":
        # Text, since a Status takes a string for markup: brackets of an extra would be lost or an error.
        text = words(show_in_line(event, width - _SPINNER_COLUMNS))
        if event.done is not None:  # a line that comes ten times a second and wraps would flicker
            text.truncate(max(width - _SPINNER_COLUMNS, 1), overflow="ellipsis")
        return text

    def _print(self, line: str) -> None:
        if self._status is not None:
            self._status.console.print(words("  ", line), soft_wrap=True)
        else:
            sys.stderr.write(f"  {make_visible(line)}\n")
