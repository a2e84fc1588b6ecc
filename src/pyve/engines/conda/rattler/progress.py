"""How far rattler is with fetching and linking, told at most ten times a second; imported in the worker alone."""

import threading
import time
from collections.abc import Sequence

from pyve.engines.conda.rattler.orders import Say
from pyve.project.conda.package import CondaPackage

_PAUSE_SECONDS = 0.1


def say_progress(
    say: Say, phase: str, message: str, *, done: int | None = None, total: int | None = None, unit: str | None = None
) -> None:
    """Say one ProgressEvent."""
    say({"progress": {"phase": phase, "message": message, "done": done, "total": total, "unit": unit}})


class LinkReporter:
    """What rattler calls from threads of its own: bytes of the packages that are fetched, then packages linked.

    Rattler swallows what is raised here, and a method that is missing is not called.
    """

    def __init__(self, say: Say, packages: Sequence[CondaPackage], absent: Sequence[CondaPackage]) -> None:
        self._say = say
        self._packages = len(packages)
        self._fetched = len(absent)
        self._bytes_expected = sum(package.size or 0 for package in absent)
        self._bytes: dict[int, int] = {}
        self._told = 0
        self._linked = 0
        self._said_at = {"download": 0.0, "link": 0.0}
        self._turn = threading.Lock()
        self._fetching: dict[int, str] = {}

    @property
    def moved(self) -> tuple[int, int]:
        """Something else whenever bytes came or a package was linked."""
        return sum(self._bytes.values()), self._linked

    def fetching(self) -> frozenset[str]:
        """The names of the packages that are on their way into the cache."""
        with self._turn:
            return frozenset(self._fetching.values())

    def on_download_start(self, cache_entry: int) -> int:
        """Return the number by which rattler names this download."""
        return cache_entry

    def on_download_progress(self, download_idx: int, progress: int, _total: int | None) -> None:
        """Count bytes."""
        with self._turn:
            self._bytes[download_idx] = progress
            done = sum(self._bytes.values())
            if self._is_time("download"):
                self._tell_download(done)

    def on_download_completed(self, _download_idx: int) -> None:
        """Tell how far all are, whenever one is through."""
        with self._turn:
            self._tell_download(sum(self._bytes.values()))

    def on_populate_cache_start(self, operation: int, package_name: str) -> int:
        """Return the number by which rattler names this package."""
        with self._turn:
            self._fetching[operation] = package_name
        return operation

    def on_populate_cache_complete(self, cache_entry: int) -> None:
        """Take it off the list of what is waited for."""
        with self._turn:
            self._fetching.pop(cache_entry, None)

    def on_link_start(self, operation: int, _package_name: str) -> int:
        """Return the number by which rattler names this package."""
        return operation

    def on_link_complete(self, _index: int) -> None:
        """Count packages; the last one is always told."""
        with self._turn:
            self._linked += 1
            if self._is_time("link") or self._linked == self._packages:
                message = f"Linking {self._packages} packages"
                say_progress(self._say, "link", message, done=self._linked, total=self._packages, unit="packages")

    def _tell_download(self, done: int) -> None:
        self._told = done = max(self._told, done)  # a package that is fetched once more begins at nothing
        total = max(self._bytes_expected, done) if self._bytes_expected else None
        say_progress(
            self._say, "download", f"Downloading {self._fetched} packages", done=done, total=total, unit="bytes"
        )

    def _is_time(self, phase: str) -> bool:
        now = time.monotonic()
        if now - self._said_at[phase] < _PAUSE_SECONDS:
            return False
        self._said_at[phase] = now
        return True
