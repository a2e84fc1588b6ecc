"""A program that ends when pyve does, however that ends; on Linux, where the system offers it (prctl(2))."""

import os
import sys
import threading
from collections.abc import Sequence

# What is asked of the system survives execve(2). Whoever asks may be late: then the parent is another one by now.
_START = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() != int(sys.argv[1]):
    os._exit(3)
os.execv(sys.argv[2], sys.argv[2:])
"""


def let_end_with_parent(command: Sequence[str]) -> list[str]:
    """The command that runs `command` so; unchanged on other systems. It costs some 15 ms.

    A thread that ends counts as the parent's end, so it is unchanged too where another than the main one asks.
    """
    if sys.platform == "linux" and threading.current_thread() is threading.main_thread():
        return [sys.executable, "-I", "-S", "-B", "-c", _START, str(os.getpid()), *command]
    return list(command)
