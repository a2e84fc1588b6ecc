"""The files at a project's root that say which backend, packages and Python it wants."""

import codecs
import errno
import os
from pathlib import Path

from pyve.errors import ManifestUnreadableError
from pyve.project.conda.subdir import current_subdir
from pyve.system.files import open_plain_file

# File name -> kind, in the order in which they are listed. Each can change detection, the requirements or the Python.
MANIFEST_KINDS = {
    "pyve.toml": "configuration",
    "pyproject.toml": "pyproject",
    "pylock.toml": "pylock",
    "requirements.txt": "requirements",
    "requirements.in": "requirements-in",
    "requirements-dev.txt": "requirements-dev",
    "setup.py": "setup-py",
    "setup.cfg": "setup-cfg",
    "environment.yml": "environment",
    "environment.yaml": "environment",
    "conda-lock.yml": "conda-lock",
    f"conda-{current_subdir()}.lock": "explicit-list",  # this platform's alone: others' change nothing here
    "explicit.txt": "explicit-list",
    ".python-version": "python-pin",
    ".tool-versions": "tool-versions",
    "uv.lock": "foreign-lock",
    "poetry.lock": "foreign-lock",
    "Pipfile": "pipfile",
    "Pipfile.lock": "foreign-lock",
    "pdm.lock": "foreign-lock",
}
EXPLICIT_MARK = "@EXPLICIT"  # the line that makes a list of packages explicit (CEP 23)
_ONLY_WHEN_MARKED = "explicit.txt"  # a name that anything may have
MOST_BYTES = 64 << 20  # of one manifest: far above the largest lock there is, far below the memory
UV_SETTINGS_NAME = "uv.toml"  # makes no project, but says where packages come from
# Watched also while they are absent.
WATCHED_NAMES: tuple[str, ...] = (*MANIFEST_KINDS, UV_SETTINGS_NAME)


def has_manifest(path: Path) -> bool:
    """True where something of this name is, readable or not; a dangling link counts, and reading it says so.

    An `explicit.txt` counts by its line @EXPLICIT alone.
    """
    if path.name == _ONLY_WHEN_MARKED:
        return _is_marked_explicit(path)
    return os.path.lexists(path)


def _is_marked_explicit(path: Path) -> bool:
    try:
        lines = read_manifest_bytes(path).removeprefix(codecs.BOM_UTF8).split(b"\n") if os.path.lexists(path) else []
    except ManifestUnreadableError:
        return False
    return any(line.strip() == EXPLICIT_MARK.encode() for line in lines)


def read_manifest_bytes(path: Path) -> bytes:
    """Return the raw content of a manifest, or raise ManifestUnreadableError naming it and the reason."""
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a directory")
        with open_plain_file(path) as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise OSError(errno.EFBIG, f"it holds more than {MOST_BYTES >> 20} MiB")
        return content
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> ManifestUnreadableError:
    """Say why `path` cannot be read."""
    import shlex  # only failures pay for it

    quoted = shlex.quote(str(path))
    if isinstance(error, FileNotFoundError):
        reason = "it is a link to a file that is not there" if path.is_symlink() else "there is no such file"
        return ManifestUnreadableError(f"{path} cannot be read: {reason}.", hint=f"look at it with: ls -l {quoted}")
    if isinstance(error, PermissionError):
        return ManifestUnreadableError(
            f"{path} cannot be read: permission denied.", hint=f"make it readable with: chmod u+r {quoted}"
        )
    reason = error.strerror or type(error).__name__
    return ManifestUnreadableError(f"{path} cannot be read: {reason}.", hint=f"look at it with: ls -ld {quoted}")
