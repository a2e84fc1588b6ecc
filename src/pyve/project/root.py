"""Which directory `init` makes a project of."""

import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from pyve.errors import OwnerMismatchError, PathNotWritableError, PathUnsupportedError
from pyve.project.manifest import MANIFEST_KINDS, has_manifest


@dataclass(frozen=True, kw_only=True)
class RootChoice:
    """The root and the sentence that says why it is this one."""

    path: Path
    reason: str
    has_manifest: bool


def find_root(start: Path, *, home: Path) -> RootChoice:
    """The nearest directory with a pyve.toml, else the nearest with a manifest, else `start` (absolute).

    A `.git`, the home directory and a change of owner end the search and never make a root themselves.
    """
    candidates = list(_search_path(start, home=Path(os.path.realpath(home))))  # links are resolved in `start` too
    for directory in candidates:
        if (directory / "pyve.toml").exists():
            return RootChoice(path=directory, reason="pyve.toml lies there", has_manifest=True)
    for directory in candidates:
        for name in MANIFEST_KINDS:
            if (directory / name).exists() and has_manifest(directory / name):
                return RootChoice(path=directory, reason=f"{name} lies there", has_manifest=True)
    return RootChoice(path=start, reason="no manifest at or above it", has_manifest=False)


def _search_path(start: Path, *, home: Path) -> list[Path]:
    directories = [start]
    while True:
        here = directories[-1]
        above = here.parent
        if above == here or (here / ".git").exists() or home in (here, above) or _owner(above) != _owner(here):
            return directories
        directories.append(above)


def _owner(directory: Path) -> int:
    try:
        return directory.stat().st_uid
    except OSError:
        return -1


def check_root(root: Path, *, in_ci: bool) -> None:
    """Raise unless an environment can live and be trusted in `root`.

    PathUnsupportedError for a character that `#!` lines or PATH cannot hold, OwnerMismatchError when root works on
    somebody else's project outside of CI and containers, PathNotWritableError when nothing can be made in it.
    """
    if "\n" in str(root) or "\r" in str(root):
        raise PathUnsupportedError(
            f"The project path {str(root)!r} holds a line break, which the first line of a script cannot.",
            hint="rename the directory",
        )
    try:
        str(root).encode()
    except UnicodeEncodeError as error:
        raise PathUnsupportedError(
            f"The project path {str(root)!r} is not UTF-8, which scripts and their records are written in.",
            hint="rename the directory",
        ) from error
    if os.pathsep in str(root):
        raise PathUnsupportedError(
            f"The project path {root} holds a {os.pathsep!r}, which separates the entries of PATH.",
            hint="rename the directory",
        )
    if sys.platform != "win32" and os.geteuid() == 0 and not in_ci and root.stat().st_uid != 0 and not _in_container():
        raise OwnerMismatchError(
            f"{root} belongs to user {root.stat().st_uid}, and this is root; the files made would be root's.",
            hint="run pyve as the owner of the project",
        )
    if not os.access(root, os.W_OK | os.X_OK):
        raise PathNotWritableError(f"{root} cannot be written by this user.", hint=f"ls -ld {shlex.quote(str(root))}")


def _in_container() -> bool:
    return any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv"))
