"""The cache of extracted packages: what in it may be linked, and what a killed run left behind.

Rattler trusts an extracted package for ever, although its files are hard links that any environment can write to. So
what was extracted is written down: size and time of each file, beside the hash of the archive that was verified.
An entry that looks different now is thrown away and fetched again. Times of change (ctime) cannot be used: each new
hard link changes them.
"""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyve.errors import RefusedError
from pyve.project.conda.package import CondaPackage
from pyve.system.files import remove_tree

_LEFT_BEHIND = re.compile(r"\.(?P<entry>[^/]+-[^-/]+-[^-/]+?)[A-Za-z0-9]{6}")  # of tempfile, six random characters


@dataclass(frozen=True, kw_only=True)
class CacheState:
    """How the packages that are wanted stand: `ready` to link, `unmarked` (extracted, then killed), else `absent`."""

    ready: tuple[CondaPackage, ...]
    unmarked: tuple[CondaPackage, ...]
    absent: tuple[CondaPackage, ...]

    @property
    def fresh(self) -> tuple[CondaPackage, ...]:
        """Those that are not ready: they are verified, and marked then."""
        return (*self.absent, *self.unmarked)


class ExtractedPackages:
    """The folder `pkgs` of rattler and the marks beside it; whoever changes it holds `lock_path`."""

    def __init__(self, directory: Path) -> None:
        self.packages = directory / "pkgs"
        self._marks = directory / "marks"
        self.lock_path = directory / "packages.lock"

    def prepare(self) -> None:
        """Make the folders and the file that is locked. Raises OSError where nothing can be written."""
        self.packages.mkdir(parents=True, exist_ok=True)
        self._marks.mkdir(exist_ok=True)
        self.lock_path.touch()

    def sweep(self, wanted: Iterable[CondaPackage]) -> None:
        """Delete what killed and failed runs were extracting, and what they had extracted that is not wanted now."""
        kept = {_entry_name(package) for package in wanted}
        for entry in list(os.scandir(self.packages)):
            if not entry.is_dir(follow_symlinks=False):
                continue
            unmarked = entry.name not in kept and not (self._marks / f"{entry.name}.json").exists()
            if _LEFT_BEHIND.fullmatch(entry.name) if entry.name.startswith(".") else unmarked:
                self._delete(Path(entry.path))

    def directory_of(self, package: CondaPackage) -> Path:
        """Where the package is, or will be, extracted."""
        return self.packages / _entry_name(package)

    def index_of(self, package: CondaPackage) -> Path:
        """What the package tells of itself, where it is extracted."""
        return self.directory_of(package) / "info" / "index.json"

    def sort(self, wanted: Iterable[CondaPackage], *, distrust: Iterable[str] = ()) -> CacheState:
        """Look at what is there, and throw away what is not what it was."""
        found: dict[str, list[CondaPackage]] = {"ready": [], "unmarked": [], "absent": []}
        for package in wanted:
            how = "altered" if package.name in set(distrust) else self._look_at(package)
            if how == "altered":
                self.forget(package)
                how = "absent"
            found[how].append(package)
        return CacheState(**{how: tuple(packages) for how, packages in found.items()})

    def mark(self, packages: Iterable[CondaPackage]) -> None:
        """Write down how they look, just extracted and verified."""
        for package in packages:
            content = _describe(self.directory_of(package))
            if content is None:
                continue
            document = {"sha256": package.sha256, "md5": package.md5, "content": content}
            mark = self._mark_of(package)
            temporary = mark.with_name(f".{os.getpid()}.new")  # a killed run leaves one; nobody else has the number
            temporary.write_text(json.dumps(document), encoding="utf-8")
            os.replace(temporary, mark)

    def forget(self, package: CondaPackage) -> None:
        """Delete the package, its lock and its mark."""
        directory = self.directory_of(package)
        with contextlib.suppress(FileNotFoundError):
            self._mark_of(package).unlink()
        with contextlib.suppress(FileNotFoundError):
            directory.with_name(f"{directory.name}.lock").unlink()
        self._delete(directory)

    def _delete(self, directory: Path) -> None:
        """Delete it, or what of it can be deleted: what is left looks altered the next time."""
        with contextlib.suppress(OSError, RefusedError):
            remove_tree(directory, inside=self.packages)

    def _look_at(self, package: CondaPackage) -> str:
        directory = self.directory_of(package)
        if not (directory / "info").is_dir():
            return "absent"
        try:
            mark = json.loads(self._mark_of(package).read_bytes())
            hashes = {name: mark[name] for name in ("sha256", "md5")}
            content = mark["content"]
        except FileNotFoundError:
            return "unmarked"
        except (OSError, ValueError, KeyError, TypeError):
            return "altered"
        if not _same_archive(package, hashes):
            return "altered"
        return "ready" if _describe(directory) == content else "altered"

    def _mark_of(self, package: CondaPackage) -> Path:
        return self._marks / f"{_entry_name(package)}.json"


def _entry_name(package: CondaPackage) -> str:
    return f"{package.name}-{package.version}-{package.build}"


def _same_archive(package: CondaPackage, hashes: dict[str, str | None]) -> bool:
    """Whether what was verified then is what is declared now; where nothing is declared, anything is."""
    for name, declared in (("sha256", package.sha256), ("md5", package.md5)):
        if declared and hashes[name]:
            return declared == hashes[name]
    return not (package.sha256 or package.md5)


def _describe(directory: Path) -> str | None:
    """A digest of names, sizes and times of all that lies in it, None when it is not there."""
    try:
        lines = sorted(_walk(os.fspath(directory), ""))
    except OSError:
        return None
    return hashlib.sha256("\0".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _walk(directory: str, inside: str) -> Iterator[str]:
    with os.scandir(directory) as entries:
        for entry in entries:
            name = f"{inside}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{name}/")
            else:
                # Folders of Windows tell of a file what was so when it was last opened by this of its names.
                status = os.lstat(entry.path) if os.name == "nt" else entry.stat(follow_symlinks=False)
                yield f"{name} {status.st_size} {status.st_mtime_ns}"
