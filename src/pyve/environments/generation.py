"""The generation of the set of snippets: one file whose end tells every waiting shell to look for its project anew.

`generation` names the newest one, and an empty file of that name lies in `generations/` for as long as it is. A shell
remembers the file and tests at each prompt that it is still there: one stat.
"""

import contextlib
import os
from pathlib import Path

from pyve.system.file_lock import hold_lock
from pyve.system.files import make_private_directory, tell_disk_errors, write_atomically

_FOLDER = "generations"
_NAME = "generation"


def ensure_generation(state_directory: str) -> None:
    """Let there be one; raises what making files in the state directory raises."""
    if not _is_whole(Path(state_directory)):
        begin_generation(state_directory)


def begin_generation(state_directory: str) -> None:
    """Begin a new one: every shell looks for its project once at its next prompt."""
    top = Path(state_directory)
    folder = top / _FOLDER
    make_private_directory(folder)
    with hold_lock(top / ".generation-lock"):
        number = os.urandom(6).hex()
        with tell_disk_errors(folder):
            (folder / number).touch(mode=0o600)
        write_atomically(top / _NAME, f"{number}\n".encode())
        for older in folder.iterdir():
            if older.name != number:
                with contextlib.suppress(OSError):
                    older.unlink()


def _is_whole(top: Path) -> bool:
    try:
        number = (top / _NAME).read_text("ascii").strip()
    except (OSError, ValueError):
        return False
    return bool(number) and (top / _FOLDER / number).exists()
