"""Programs that are found by their name."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

_ENDINGS = ".COM;.EXE;.BAT;.CMD"


def find_program(name: str, environment: Mapping[str, str], *, windows: bool = sys.platform == "win32") -> Path | None:
    """The executable called `name` in the absolute directories of PATH, from the foremost that has one.

    A relative directory may be the project's; so may the working directory, in which shutil.which looks first on
    Windows. `windows` tries the endings of PATHEXT, too.
    """
    endings = (environment.get("PATHEXT") or _ENDINGS).lower().split(";") if windows else [""]
    for directory in environment.get("PATH", "").split(os.pathsep):
        for ending in endings if os.path.isabs(directory) else ():
            program = Path(directory, f"{name}{ending}")
            if program.is_file() and os.access(program, os.X_OK):
                return program
    return None
