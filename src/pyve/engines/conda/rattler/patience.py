"""How long a silent server is waited for; imported in the worker alone.

A limit on whole requests, which is what rattler's client has, would end every large download on a slow line.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pyve.engines.conda.rattler.orders import OrderFailedError

Result = TypeVar("Result")

_BUSY = 0.1  # of one processor: solving and unpacking take more, waiting for a server takes less
_LOOKS = 10  # at what moves, while the time to be waited runs


async def wait_while_it_moves(
    work: Awaitable[Result], *, look: Callable[[], object], silent_seconds: float, waited_for: Callable[[], str]
) -> Result:
    """The result of `work`, as long as `look` sees something else now and then or this process is at work.

    When neither was so for `silent_seconds`, raises a failure about what `waited_for` names; `work` goes on.
    """
    task = asyncio.ensure_future(work)
    pause = silent_seconds / _LOOKS
    seen, moved_at, worked = look(), time.monotonic(), time.process_time()
    while not (await asyncio.wait({task}, timeout=pause))[0]:
        now_seen, now, now_worked = look(), time.monotonic(), time.process_time()
        if now_seen != seen or now_worked - worked > _BUSY * pause:
            seen, moved_at = now_seen, now
        elif now - moved_at >= silent_seconds:
            url = waited_for()
            text = f"operation timed out: {url} was silent for {silent_seconds:g} seconds (PYVE_HTTP_TIMEOUT)"
            failure = OrderFailedError("channel", text, subject=url)
            failure.may_pass = True
            raise failure
        worked = now_worked
    return task.result()
