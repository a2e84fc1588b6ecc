"""The `pyve` command of a private environment: a script that starts its interpreter, isolated and lean."""

import shlex
from pathlib import Path

_CALL = "from pyve.__main__ import main; sys.exit(main())"
# The kernel cuts the first line off beyond this many bytes (127 on Linux before 5.1, 512 on macOS).
_SHEBANG_LIMIT = 127


def render_launcher(python: Path) -> str:
    """The text of an executable that runs this pyve with `python`, whatever characters its path holds.

    Isolated (-I): a PYTHONPATH meant for the user's own programs must not reach pyve. Written by us, because the
    script that an older pip makes imports `re`, which costs more than `pyve run` itself.
    """
    shebang = f"#!{python} -I"
    if len(shebang.encode()) <= _SHEBANG_LIMIT and not any(character.isspace() for character in str(python)):
        return f"{shebang}\nimport sys; {_CALL}\n"
    code = f'import sys; sys.argv[0] = "pyve"; {_CALL}'
    return f'#!/bin/sh\nexec {shlex.quote(str(python))} -I -c {shlex.quote(code)} "$@"\n'
