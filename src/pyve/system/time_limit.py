"""A limit on the time that something may take while a person waits for it."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType


class TimeUpError(Exception):
    """The time was up. Neither a PyveError nor an OSError, lest it be taken for what was wrong with a file."""


@contextlib.contextmanager
def limit_time(seconds: float) -> Iterator[None]:
    """Raise TimeUpError in the block once it has taken `seconds`; not on Windows, and in the main thread alone."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _raise)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _raise(_number: int, _frame: FrameType | None) -> None:
    raise TimeUpError
