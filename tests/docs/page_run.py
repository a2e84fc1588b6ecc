"""Run the commands of one page in one shell, with nothing inherited but a sealed home."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.docs.console_page import Command

CHECKOUT = Path(__file__).resolve().parents[2]
DOCS = CHECKOUT / "docs"
_TIMEOUT_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How one command of a page ended, and what it printed on both streams."""

    command: Command
    exit_status: int
    printed: str


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Where a page runs. `notes` is a directory for the run's own files; `private_index` stands for index.example."""

    work: Path
    notes: Path
    environment: dict[str, str]
    private_index: str


RunPage = Callable[[list[Command]], list[Ended]]


def put_pyve_on_path(programs: Path) -> str:
    """Make the command pyve in `programs`, and return a PATH with it, the tests' Python and the system's programs."""
    launcher = programs / "pyve"
    launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m pyve "$@"\n')
    launcher.chmod(0o755)
    base = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    return os.pathsep.join([os.fspath(programs), os.path.dirname(base), "/usr/bin", "/bin"])


def run_commands(commands: list[Command], surroundings: Surroundings) -> list[Ended]:
    """Run them in order; `cd` and `export` last until the page's end."""
    notes = surroundings.notes
    script = []
    for number, command in enumerate(commands):
        text = _put_local_things_in(command.text, surroundings.private_index)
        (notes / f"{number}.sh").write_text(text + "\n", encoding="utf-8")
        script.append(f'. "$NOTES/{number}.sh" >"$NOTES/{number}.out" 2>&1 </dev/null')
        script.append(f'echo $? >"$NOTES/{number}.status"')
    subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=surroundings.work,
        env={**surroundings.environment, "NOTES": os.fspath(notes)},
        timeout=_TIMEOUT_SECONDS,
        check=False,
    )
    return [
        Ended(
            command=command,
            exit_status=int((notes / f"{number}.status").read_text()),
            printed=(notes / f"{number}.out").read_text("utf-8"),
        )
        for number, command in enumerate(commands)
    ]


def put_tested_python_in(text: str) -> str:
    """The page's text about Python 3.12 as if it were about the Python of the tests."""
    return text.replace("3.12", f"{sys.version_info.major}.{sys.version_info.minor}")


def _put_local_things_in(text: str, private_index: str) -> str:
    host = private_index.removeprefix("http://").removesuffix("/simple")
    text = put_tested_python_in(text)
    text = text.replace("https://index.example", f"http://{host}").replace("https://me:secret@", "http://me:secret@")
    return text.replace("@index.example", f"@{host}").replace("index.example", host.partition(":")[0])
