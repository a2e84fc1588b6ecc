"""The scripts of an environment, examined by their first lines: they lead to an interpreter, safely quoted."""

import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from pyve.environments.record import EnvironmentRecord
from pyve.project.some_names import show_some
from pyve.verbs.checks.environment import REBUILD, scripts_of
from pyve.verbs.checks.findings import Finding, found, show_count

_HEAD_BYTES = 8192
_SHELL_CALL = "'''exec' "  # second line of a header whose path is too long for, or has a space in, a `#!` line
_SHELL_TOKEN = re.compile(r"'[^']*'|\"(?P<double>(?:\\.|[^\"\\])*)\"|\\.|(?P<bare>.)", re.DOTALL)
_OWN_WORDS = ' "$0" "$@"'
_ENDS_PYTHON_TEXT = " #'''"  # as in the scripts of conda packages


def examine_scripts(record: EnvironmentRecord) -> Iterator[Finding]:
    """Whether each header leads to a program that is there, in quotes that hold. Windows has programs instead.

    Conda packages bring scripts for programs of the system, which may lack them: there only what should lead into the
    prefix counts.
    """
    folder = scripts_of(record)
    if sys.platform == "win32" or not folder.is_dir():
        return
    dead, unsafe = [], []
    for script in sorted(folder.iterdir()):
        header = _read_header(script)
        if header is None:
            continue
        interpreter = _interpreter_of(header)
        if interpreter is not None and not interpreter.exists() and _is_own(interpreter, record):
            dead.append(f"{script.name} ({interpreter})")
        if is_executed_by_shell(header):
            unsafe.append(script.name)
    if dead:
        message = f"{show_count(len(dead), 'script')} in {folder} without an interpreter: {show_some(dead)}."
        yield found("script-dead", message, hint=REBUILD)
    if unsafe:
        count = show_count(len(unsafe), "script")
        message = f"A shell executes a part of the path in {count} in {folder}: {show_some(unsafe)}."
        yield found("script-unsafe", message, hint=REBUILD)


def _is_own(interpreter: Path, record: EnvironmentRecord) -> bool:
    """Whether the environment has to have it; a placeholder stands where linking did not put the prefix in."""
    return not record.conda or interpreter.is_relative_to(record.directory) or "placehold" in interpreter.as_posix()


def is_executed_by_shell(header: list[str]) -> bool:
    """Whether sh, reading the shell call of `header`, would expand or execute a part of the interpreter's path."""
    call = _shell_call(header)
    if call is None:
        return False
    path = call.removesuffix(_OWN_WORDS)
    return any(
        character in (match["double"] or match["bare"] or "")
        for match in _SHELL_TOKEN.finditer(path)
        for character in "$`"
    )


def _read_header(script: Path) -> list[str] | None:
    """The first two lines of a script; None for links, programs, and what has no `#!`."""
    try:
        if script.is_symlink() or not script.is_file():
            return None
        with script.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return None
    return [os.fsdecode(line) for line in head.split(b"\n")[:2]] if head.startswith(b"#!") else None


def _shell_call(header: list[str]) -> str | None:
    if header[0].rstrip() == "#!/bin/sh" and len(header) > 1 and header[1].startswith(_SHELL_CALL):
        return header[1].removeprefix(_SHELL_CALL).removesuffix(_ENDS_PYTHON_TEXT)
    return None


def _interpreter_of(header: list[str]) -> Path | None:
    """The program that runs the script; None where that is a shell's own business."""
    call = _shell_call(header)
    if call is not None:
        try:
            words = shlex.split(call)
        except ValueError:
            return None
        return Path(words[0]) if words else None
    line = header[0].removeprefix("#!").strip()
    return Path(line) if Path(line).exists() or " " not in line else Path(line.split(" ", maxsplit=1)[0])
