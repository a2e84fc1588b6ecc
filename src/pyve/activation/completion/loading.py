"""What an installed hook adds to a shell so that it completes pyve: the file itself is read at the first TAB.

The file is a copy in the state directory: it stays as it is when pyve is upgraded or goes, and only the user can write
there. A hook that is printed does without, since nobody would renew the copy.
"""

import os
from pathlib import Path

from pyve.activation.completion.files import COMPLETION_FILES
from pyve.activation.dialects.dialect import Dialect
from pyve.activation.templates import fill, read_template

_FOLDER = "completions"


def completion_copy(state_directory: str, dialect: Dialect) -> Path:
    """Where the copy for a shell lies."""
    return Path(state_directory) / _FOLDER / COMPLETION_FILES[dialect.name]


def render_completion_loading(dialect: Dialect, *, state_directory: str) -> bytes:
    """The lines that stand below an installed hook; they do nothing where there is no copy."""
    copy = completion_copy(state_directory, dialect)
    place = copy.parent if dialect.name == "fish" else copy  # fish looks into directories
    text = fill(read_template(dialect, "completion"), {"COMPLETION": dialect.quote(dialect.path(os.fspath(place)))})
    return text.encode("utf-8", "surrogateescape")
