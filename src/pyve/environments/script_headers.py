"""The first lines of console scripts: which interpreter runs them, and that no shell can misread its path.

A path that is too long or holds a space cannot stand in a `#!` line, so installers write a shell header that execs the
interpreter. Some put the path in double quotes there, where `$(...)` and backticks are executed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

_TRAMPOLINE = b"#!/bin/sh\n'''exec' "
_TRAMPOLINE_END = b"\n' '''\n"


def scripts_in(folder: Path, *, interpreter: Path) -> Iterator[Path]:
    """The scripts in `folder` whose header leads to an interpreter in it (not the activation scripts)."""
    marker = os.fsencode(interpreter.parent)
    quoted = _quote_for_shell_and_python(marker)[1:-1]
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as file:
            head = file.read(4096)
        if head.startswith(_TRAMPOLINE) or (head.startswith(b"#!") and (marker in head or quoted in head)):
            yield path


def interpreter_of(script: Path) -> Path | None:
    """The interpreter that a `#!` line names; None for a shell header or none at all."""
    with script.open("rb") as file:
        line = file.readline(4096)
    if not line.startswith(b"#!") or line.startswith(b"#!/bin/sh"):
        return None
    return Path(os.fsdecode(line[2:].strip()))


def make_header_safe(script: Path, *, interpreter: Path) -> bool:
    """Rewrite a header that is not read literally; True when the script was changed.

    That is a shell header with other quotes, and a `#!` line with a tab, after which the system sees arguments.
    """
    content = script.read_bytes()
    safe = _TRAMPOLINE + _quote_for_shell_and_python(os.fsencode(interpreter)) + b' "$0" "$@"'
    line, _, body = content.partition(b"\n")
    if line.startswith(b"#!") and b"\t" in line:
        content, end = safe + _TRAMPOLINE_END + body, len(safe)
    elif content.startswith(_TRAMPOLINE):
        end = content.find(_TRAMPOLINE_END)
        if end < 0 or content[:end] == safe:
            return False
    else:
        return False
    mode = script.stat().st_mode
    replacement = script.with_name(f".{script.name}.new")
    replacement.write_bytes(safe + content[end:])
    replacement.chmod(mode)
    replacement.replace(script)
    return True


def _quote_for_shell_and_python(text: bytes) -> bytes:
    """Quote for sh such that the line is also the inside of a Python ''' string: no ''' and no lone backslash in it."""
    return b"'" + text.replace(b"'", b"'\"'\"'").replace(b"\\", b"'\"\\\\\"'") + b"'"
