"""One line of a file of JSON lines in the state, read so that neither a torn nor a newer one misleads anybody."""

import json
from pathlib import Path
from typing import Any

from pyve.errors import StateTooNewError


def parse_json_line(line: bytes, *, file: Path, newest_format: int) -> dict[str, Any] | None:
    """The object on `line` of `file`, None where it holds none (a kill tore it, or it is empty).

    Raises StateTooNewError for a `format` above `newest_format`.
    """
    try:
        document = json.loads(line)
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    if isinstance(document.get("format"), int) and document["format"] > newest_format:
        raise StateTooNewError(
            f"{file} was written by a newer pyve.",
            hint="upgrade pyve, or set PYVE_STATE_DIR to another directory",
        )
    return document
