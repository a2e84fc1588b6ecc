"""Which shell `pyve shell`, and a `pyve run` without a command, opens."""

import sys
from collections.abc import Mapping

from pyve.system.shell_detection import detect_shell


def find_shell(environment: Mapping[str, str]) -> str:
    """The shell this process was started from, else the user's login shell, else the system's."""
    shell = detect_shell()
    if shell is not None:
        return shell.path
    return environment.get("SHELL") or ("powershell.exe" if sys.platform == "win32" else "/bin/sh")
