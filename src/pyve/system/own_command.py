"""The words that start this very pyve again, from any directory. Light: a hook that is printed needs them."""

import os
import sys

# Not `-m pyve`, which looks for modules in the working directory first: in a repository, those of anybody.
_CALL = "import sys; sys.path[:] = filter(None, sys.path); from pyve.__main__ import main; sys.exit(main())"


def find_own_command(
    argv0: "str | None" = None, *, executable: "str | None" = None, isolated: "bool | None" = None
) -> "tuple[str, ...]":
    """The absolute path of the script that was started (as it was named: an upgrade swaps links), else the interpreter.

    The arguments are what this process was started with, by default its own.
    """
    started = sys.argv[0] if argv0 is None else argv0
    if os.path.basename(started).lower() in ("pyve", "pyve.exe") and os.path.dirname(started):
        for path in (started, f"{started}.exe"):  # Windows takes the suffix off
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return (os.path.abspath(path),)
    flags = ("-I",) if (bool(sys.flags.isolated) if isolated is None else isolated) else ()
    return (sys.executable if executable is None else executable, *flags, "-c", _CALL)
