"""Scripts that rattler wrote for a prefix with a path that a shell, or rattler itself, misreads.

Where a path cannot stand in a `#!` line rattler puts it in double quotes behind `exec`, where `$(...)` and backticks
are executed; elsewhere it turns backslashes over.
"""

import os
import re
import stat
from pathlib import Path

from pyve.environments.script_headers import make_header_safe
from pyve.system.files import write_atomically

_MISREAD = re.compile(r"[\\$`\"\t]")
_HEADER = re.compile(
    rb"#!/bin/sh\n'''exec' [^\n]*?(?P<called>[^/\"\n]+)\"? \"\$0\" \"\$@\" #'''\n"
    rb"|#!(?P<path>/[^\n]*/)(?P<named>[^/\n ]+)\n"
)
_STANDARD = b"#!/bin/sh\n'''exec' %s \"$0\" \"$@\"\n' '''\n"


def make_scripts_safe(prefix: Path) -> None:
    """Let each script in `bin` that a python of the prefix runs name it such that it is read literally."""
    if os.name == "nt" or not _MISREAD.search(os.fspath(prefix)):
        return
    folder = prefix / "bin"
    for script in sorted(folder.iterdir()) if folder.is_dir() else ():
        if script.is_symlink() or not script.is_file():
            continue
        content = script.read_bytes()
        header = _HEADER.match(content)
        if header is None or not _leads_into(header["path"], folder):
            continue
        interpreter = folder / os.fsdecode(header["called"] or header["named"])
        if interpreter.name.startswith("python") and interpreter.exists():
            mode = stat.S_IMODE(script.stat().st_mode)
            # Anew, lest a hard link into the cache be written through.
            write_atomically(script, _STANDARD % b"x" + content[header.end() :], mode=mode)
            make_header_safe(script, interpreter=interpreter)


def _leads_into(path: bytes | None, folder: Path) -> bool:
    return path is None or path == os.fsencode(folder).replace(b"\\", b"/") + b"/"
