"""Which files `pyve lock --output` may write."""

import re
import shlex
from pathlib import Path

from pyve.errors import UsageError
from pyve.errors.lock import LockTargetUnknownError
from pyve.project.locking.lock_target import LockFormat

# What the locks of these formats say of themselves, whoever made them, and what a damaged one may still be known by.
# (What is a requirements.txt that somebody wrote by hand is judged by its lines.)
_KNOWN_BY = {
    LockFormat.PYLOCK: re.compile(r"^lock-version\s*=", re.MULTILINE),
    LockFormat.CONDA_LOCK: re.compile(r"^\s+content_hash:", re.MULTILINE),
}


def refuse_output(path: Path, lock_format: LockFormat) -> None:
    """Raise where nothing can be written at `path`, or what is there is no lock: pyproject.toml, environment.yml."""
    if not path.parent.is_dir():
        raise UsageError(
            f"There is no directory {path.parent} to write {path.name} into.",
            hint=f"mkdir -p {shlex.quote(str(path.parent))}",
        )
    known_by = _KNOWN_BY.get(lock_format)
    if known_by is None or not path.is_file():
        return
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if text.strip() and not known_by.search(text):
        raise LockTargetUnknownError(
            f"{path.name} is there, and is no lock. Locking would write over it.",
            hint=f"give --output another name, as {lock_format.value}",
        )
