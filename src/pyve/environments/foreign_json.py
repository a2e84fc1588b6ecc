"""JSON in files that anybody may have written: packages, and whatever changes an environment."""

import json
from pathlib import Path
from typing import Any

from pyve.system.files import open_plain_file


def read_foreign_json(file: Path, *, most_bytes: int = 512 << 20) -> Any:
    """The content of a plain file, lone surrogates kept.

    Raises OSError also for devices and pipes, which never end, ValueError for what is no JSON, too large or too deep.
    """
    with open_plain_file(file) as opened:
        content = opened.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise ValueError("it is too large")
    try:
        return json.loads(content.decode("utf-8", "surrogateescape"))
    except RecursionError:
        raise ValueError("its values are nested too deeply") from None
