"""The way to stdout, where even a full disk is told."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pyve.errors import ResultLostError


@contextmanager
def tell_lost_result() -> Iterator[None]:
    """Write to stdout inside; raises ResultLostError where it takes nothing, BrokenPipeError where nobody reads."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the end of the process is quiet
        raise ResultLostError(
            f"The result cannot be written to stdout: {error.strerror}.", hint="make room, or send it elsewhere"
        ) from error


def write_verbatim(text: str) -> None:
    """Write what a shell evaluates to stdout: as UTF-8, bytes of names that are no text as they are.

    Raises as tell_lost_result does.
    """
    with tell_lost_result():
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
