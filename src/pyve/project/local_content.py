"""What a local path that is declared as a requirement holds, as a digest: the fingerprint counts it by content."""

import errno
import hashlib
import os
from pathlib import Path

from pyve.project.manifest import unreadable
from pyve.system.files import is_link

BUILD_INPUT_NAMES = ("pyproject.toml", "setup.cfg", "setup.py")

# What version control, caches and builds leave in a source tree and no build reads.
_SKIPPED_DIRECTORIES = frozenset(
    {".git", ".hg", ".svn", ".bzr", "__pycache__", ".pyve", ".venv", ".tox", ".nox", ".eggs", "node_modules"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".cache", ".idea", ".vscode"}
)
_SKIPPED_SUFFIXES = (".pyc", ".pyo", ".egg-info")


def digest_local_path(path: Path, *, editable: bool) -> str:
    """Return a SHA-256 in hex of what an installer would read at `path`.

    A file (wheel, sdist): its bytes. A directory: its whole tree without caches; only the files that say what it
    depends on when it is `editable`, because its modules are used in place. Raises ManifestUnreadableError.
    """
    if not path.is_dir():
        return _digest_file(path)
    if editable:
        return digest_files(root=path, files=tuple(path / name for name in BUILD_INPUT_NAMES if (path / name).exists()))
    return digest_files(root=path, files=tuple(_walk(path)))


def digest_files(*, root: Path, files: tuple[Path, ...]) -> str:
    """Return one SHA-256 for several files: their paths below `root` and their content, in any order."""
    total = hashlib.sha256()
    for shown, path in sorted((path.relative_to(root).as_posix(), path) for path in files):
        content = _digest_link(path) if is_link(path) and path.is_dir() else _digest_file(path)
        total.update(f"{shown}\0{content}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def _walk(top: Path) -> list[Path]:
    def refuse(error: OSError) -> None:
        raise unreadable(Path(error.filename or top), error) from error

    found: list[Path] = []
    for directory, directory_names, file_names in os.walk(top, onerror=refuse):
        here = Path(directory)
        links = [name for name in directory_names if is_link(here / name)]
        kept = [name for name in directory_names if name not in links and not _is_skipped_directory(here / name, top)]
        directory_names[:] = kept
        found += [here / name for name in (*links, *file_names) if _counts(here / name)]
    return found


def _is_skipped_directory(path: Path, top: Path) -> bool:
    if path.name in _SKIPPED_DIRECTORIES or path.name.endswith(_SKIPPED_SUFFIXES):
        return True
    if path.name in {"build", "dist"} and path.parent == top:  # a build's output, unless it is a package of that name
        return not (path / "__init__.py").exists()
    return os.path.lexists(path / "pyvenv.cfg") or os.path.lexists(path / "conda-meta")


def _counts(path: Path) -> bool:
    if path.name in _SKIPPED_DIRECTORIES or path.name.endswith(_SKIPPED_SUFFIXES):
        return False
    return is_link(path) or path.is_file()  # sockets and pipes are not source code


def _digest_file(path: Path) -> str:
    content = hashlib.sha256()
    try:
        if path.exists() and not path.is_file():  # a named pipe would block for ever
            raise OSError(errno.EINVAL, "it is not a regular file")
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                content.update(block)
    except OSError as error:
        if path.is_symlink():
            return _digest_link(path)  # a dangling link in a source tree harms no build
        raise unreadable(path, error) from error
    return content.hexdigest()


def _digest_link(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.readlink())).hexdigest()
