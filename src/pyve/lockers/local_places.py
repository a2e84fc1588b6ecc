"""Places on this machine in a lock: inside the project they are named from its root, others are not portable."""

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pyve.engines.redaction import redact
from pyve.errors.lock import LockNotPortableError

_DRIVE = re.compile(r"^/[A-Za-z]:[/\\]")
_REMOTE = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]+:")


def is_local(place: str) -> bool:
    """True for a `file:` URL and for a path."""
    return place.startswith("file:") or not _REMOTE.match(place)


def find_path(place: str, folder: Path) -> Path:
    """Return the path of a `file:` URL or of a path that is seen from `folder`; nothing need be there."""
    if place.startswith("file:"):
        parts = urlsplit(place)
        text = unquote(parts.path)
        if parts.netloc not in ("", "localhost"):  # a share of Windows: file://server/share/wheels
            text = f"//{parts.netloc}{text}"
        return Path(os.path.abspath(text[1:] if _DRIVE.match(text) else text))
    return Path(os.path.normpath(folder / place))


def show_inside(path: Path, root: Path) -> str | None:
    """Return `path` as seen from `root`, with `/`; `.` for the root itself, None for what lies outside."""
    for base, inner in ((root, path), (root.resolve(), path.resolve())):
        try:
            return inner.relative_to(base).as_posix()
        except ValueError:
            continue
    return None


def refuse_outside(name: str, place: str, *, root: Path, origin: str = "") -> LockNotPortableError:
    """Say that `name` comes from a directory of this machine."""
    shown = redact(place)
    return LockNotPortableError(
        f"{f'{origin}: ' if origin else ''}{name} comes from {shown}, which is outside of {root}: "
        "the lock would serve this machine alone.",
        hint=f"move it into the project, or name a version of {name} that an index has",
    )
