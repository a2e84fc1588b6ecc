"""The process in which rattler works: orders come on stdin, what it says goes to stdout; the orders' module tells how.

It is a process of its own because rattler's threads touch the interpreter while it ends, which crashes it now and then
(PyO3/pyo3-async-runtimes#40), and because they go on linking after a failure: it always ends by os._exit or a kill.
"""

import json
import os
import queue
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from pyve.engines.conda.rattler.orders import Say

_PR_SET_PDEATHSIG = 1
_ENDED_BY_PARENT = 3


def main() -> None:
    """Answer orders until stdin closes; never return."""
    orders, say = _take_over_stdin(), _take_over_stdout()
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read_orders, args=(orders, lines), daemon=True).start()
    try:
        import asyncio

        import rattler

        say({"ready": rattler.__version__})
        loop = asyncio.new_event_loop()
        while True:
            say(loop.run_until_complete(_answer(lines.get(), say)))
    except BaseException:  # noqa: BLE001 - whatever it is, the interpreter must not end by itself
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


async def _answer(line: str, say: "Say") -> dict[str, Any]:
    from pyve.engines.conda.rattler.failures import read_failure
    from pyve.engines.conda.rattler.orders import BuildOrder, OrderFailedError, SolveOrder, read_order

    order = read_order(line)
    try:
        if isinstance(order, SolveOrder):
            from pyve.engines.conda.rattler.solving import solve_order

            return {"answer": await solve_order(order)}
        if isinstance(order, BuildOrder):
            from pyve.engines.conda.rattler.linking import build_order

            return {"answer": await build_order(order, say)}
        from pyve.engines.conda.rattler.records import match_order

        return {"answer": match_order(order)}
    except OrderFailedError as failure:
        return {"failure": failure.as_json()}
    except Exception as error:  # noqa: BLE001 - rattler's own are of many kinds, told apart by their text
        return {"failure": read_failure(error).as_json()}


def _take_over_stdin() -> TextIO:
    """Keep stdin for orders: scripts of packages have none to read."""
    orders = os.fdopen(os.dup(0), encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return orders


def _take_over_stdout() -> "Say":
    """Keep stdout for answers: whatever else prints, scripts of packages among it, prints to stderr."""
    answers = os.dup(1)
    os.dup2(2, 1)
    turn = threading.Lock()

    def say(message: dict[str, Any]) -> None:
        data = json.dumps(message).encode() + b"\n"
        with turn:
            while data:
                data = data[os.write(answers, data) :]

    return say


def _read_orders(orders: TextIO, lines: "queue.SimpleQueue[str]") -> None:
    """Hand on what comes; at its end whoever gave orders is gone, and so is this process with its own."""
    if "--end-with-parent" in sys.argv:
        _end_with_parent()
    for line in orders:
        lines.put(line)
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(_ENDED_BY_PARENT)


def _end_with_parent() -> None:
    """Ask Linux for the same at once, also while nothing reads stdin; prctl(2)."""
    if sys.platform == "linux":
        import contextlib
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()
