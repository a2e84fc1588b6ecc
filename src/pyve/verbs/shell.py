"""`pyve shell`, and `pyve run` without a command: a shell inside the project's environment, to be left with `exit`."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.activation.calling_shell import find_entered_root
from pyve.activation.process_environment import PINNED, enter_project
from pyve.errors import CommandNotExecutableError, CommandNotFoundError, PyveError, RunFailedError
from pyve.verbs.entry import Entry, find_entry
from pyve.verbs.run import become
from pyve.verbs.run_shell import find_shell
from pyve.verbs.situation import read_situation


@dataclass(frozen=True, kw_only=True)
class ShellRequest:
    """`project` is what --project names, None for the working directory; `shell` a path or a name on PATH."""

    project: Path | None = None
    shell: str | None = None
    strict: bool = False


def open_shell(request: ShellRequest, environment: Mapping[str, str], *, say: Callable[[str], None]) -> int:
    """Replace this process by the shell (POSIX), or run it and return its exit status (Windows).

    The shell is pinned: with pyve's hook it stays in the environment wherever it goes, and its first prompt puts the
    environment first on PATH again after its startup files. `say` is called with what a person should know.

    Raises RunFailedError (125), CommandNotExecutableError (126), CommandNotFoundError (127).
    """
    entry = _find_entry(request, environment)
    if entry.notice and request.strict:
        raise RunFailedError(f"Not run, as --strict asks: {entry.notice}.", hint="pyve sync")
    if entry.notice:
        say(entry.notice)
    inside = enter_project(environment, entry.snippet)
    if PINNED in environment and find_entered_root(environment) == entry.snippet.root:
        say("this was inside the environment already; `exit` leads back there")
    try:
        return become([request.shell or find_shell(environment)], inside)
    except (CommandNotExecutableError, CommandNotFoundError) as error:
        if request.shell is None:
            raise
        hint = f"--shell takes a shell, by its path or its name on PATH: pyve shell --shell {_an_example(environment)}"
        raise type(error)(error.message, hint=hint) from error


def _an_example(environment: Mapping[str, str]) -> str:
    return os.path.basename(environment.get("SHELL", "")) or ("powershell" if sys.platform == "win32" else "sh")


def _find_entry(request: ShellRequest, environment: Mapping[str, str]) -> Entry:
    try:
        return find_entry(read_situation(directory=request.project, environment=environment))
    except RunFailedError:
        raise
    except PyveError as error:
        raise RunFailedError(error.message, hint=error.hint) from error
