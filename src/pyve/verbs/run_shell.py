"""Which shell a bare `pyve run` opens."""

from collections.abc import Mapping


def find_shell(environment: Mapping[str, str]) -> str:
    """The shell this process was started from, else the user's login shell, else the system's."""
    import sys

    import shellingham

    try:
        _, path = shellingham.detect_shell()
    except (shellingham.ShellDetectionFailure, OSError):
        return environment.get("SHELL") or ("powershell.exe" if sys.platform == "win32" else "/bin/sh")
    return str(path)
