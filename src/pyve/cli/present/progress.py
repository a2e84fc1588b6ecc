"""Progress on stderr: a spinner on a terminal once it takes over half a second, plain lines elsewhere."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyve.cli.present.text import Paper, words
from pyve.cli.present.visible import make_visible
from pyve.environments.progress import Progress, ProgressEvent, report_nothing

if TYPE_CHECKING:
    from rich.status import Status

_PATIENCE_SECONDS = 0.5


@contextmanager
def show_progress(paper: Paper, *, quiet: bool, verbose: bool) -> Iterator[Progress]:
    """Yield the callback that shows events until the block ends."""
    if quiet:
        yield report_nothing
        return
    if not sys.stderr.isatty():
        yield _plain(verbose=verbose)
        return
    spinner = _Spinner(paper, verbose=verbose)
    try:
        yield spinner.show
    finally:
        spinner.stop()


def _plain(*, verbose: bool) -> Progress:
    def show(event: ProgressEvent) -> None:
        if verbose or not event.detail:
            message = make_visible(event.message)
            sys.stderr.write(f"  {message}\n" if event.detail else f"{message}\n")
            sys.stderr.flush()

    return show


class _Spinner:
    """A spinner with the latest message, started when the first event is half a second old."""

    def __init__(self, paper: Paper, *, verbose: bool) -> None:
        self._paper = paper
        self._verbose = verbose
        self._message = ""
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
            if not self._message:
                self._timer.start()
            self._message = event.message
            if self._status is not None:
                self._status.update(words(event.message))

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._ended = True
            if self._status is not None:
                self._status.stop()

    def _start(self) -> None:
        with self._lock:
            if not self._ended:
                # Text, since a Status takes a string for markup: brackets of an extra would be lost or an error.
                self._status = self._paper.console(sys.stderr).status(words(self._message))
                self._status.start()

    def _print(self, line: str) -> None:
        if self._status is not None:
            self._status.console.print(words("  ", line), soft_wrap=True)
        else:
            sys.stderr.write(f"  {make_visible(line)}\n")
