"""Whether the directory of a registered project is gone: deleted, moved, or on a disk that is not mounted."""

import os
from pathlib import Path


def is_gone(root: Path) -> bool:
    """True only when nothing is there; a directory that cannot be looked into is not gone."""
    try:
        os.lstat(root)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
