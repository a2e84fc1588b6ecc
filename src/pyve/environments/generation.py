"""The generation of the set of snippets: one file whose end tells every waiting shell to look for its project anew.

`generation` names the newest one, and an empty file of that name lies in `generations/` for as long as it is. A shell
remembers the file and tests at each prompt that it is still there: one stat.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from pyve.system.file_lock import hold_lock
from pyve.system.files import make_private_directory, tell_disk_errors, write_atomically

_FOLDER = "generations"
_NAME = "generation"
_LOCK = ".generation-lock"


def ensure_generation(state_directory: str) -> None:
    """Let there be one; raises what making files in the state directory raises."""
    if not _is_whole(Path(state_directory)):
        begin_generation(state_directory)


@contextlib.contextmanager
def change_of_generation(state_directory: str) -> Iterator[None]:
    """Let snippets come and go inside; every shell looks for its project at its first prompt after that.

    The generation before ends first and the new one begins last: where this process is killed in between, or fails,
    there is none, and shells look at each prompt until another pyve begins one.
    """
    _end_generation(Path(state_directory))
    yield
    begin_generation(state_directory)


def begin_generation(state_directory: str) -> None:
    """Begin a new one: every shell looks for its project once at its next prompt."""
    top = Path(state_directory)
    folder = top / _FOLDER
    make_private_directory(folder)
    with hold_lock(top / _LOCK):
        number = os.urandom(6).hex()
        with tell_disk_errors(folder):
            (folder / number).touch(mode=0o600)
        write_atomically(top / _NAME, f"{number}\n".encode())
        for older in folder.iterdir():
            if older.name != number:
                with contextlib.suppress(OSError):
                    older.unlink()


def _end_generation(top: Path) -> None:
    folder = top / _FOLDER
    if folder.is_dir():
        with hold_lock(top / _LOCK), tell_disk_errors(folder):
            for file in folder.iterdir():
                file.unlink()


def _is_whole(top: Path) -> bool:
    try:
        number = (top / _NAME).read_text("ascii").strip()
    except (OSError, ValueError):
        return False
    return bool(number) and (top / _FOLDER / number).exists()
