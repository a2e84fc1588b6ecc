"""How far micromamba is with a prefix, told from what has come into its folders: it says nothing itself."""

import os
import time
from pathlib import Path

from pyve.engines.conda.engine import PrefixRequest
from pyve.environments.progress import Progress, ProgressEvent

_PAUSE_SECONDS = 0.25


class BuildWatch:
    """Looks at the prefix and at the package cache of one build, and reports what is new."""

    def __init__(self, request: PrefixRequest, package_cache: Path, progress: Progress) -> None:
        self._folder = request.prefix / "conda-meta"
        self._total = len(request.packages)
        self._cache = package_cache
        self._progress = progress
        self._linked = -1
        self._fetched = -1
        self._next_look = 0.0
        names = {package.file_name: package.size or 0 for package in request.packages}
        cached = _sizes_of(package_cache, names)
        self._awaited = {name: size for name, size in names.items() if name not in cached}

    def look(self) -> None:
        """Report what has changed, at most a few times a second."""
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + _PAUSE_SECONDS
            self._report_downloads(
                min(sum(_sizes_of(self._cache, self._awaited).values()), sum(self._awaited.values()))
            )
            self._report_links(min(self._count_links(), self._total))

    def finish(self) -> None:
        """Report that all of it is there."""
        self._report_downloads(sum(self._awaited.values()))
        self._report_links(self._total)

    def _report_downloads(self, done: int) -> None:
        if self._awaited and done > self._fetched:
            self._fetched = done
            total = sum(self._awaited.values())
            message = f"Fetching {len(self._awaited)} packages"
            self._progress(ProgressEvent(phase="download", message=message, done=done, total=total, unit="bytes"))

    def _report_links(self, done: int) -> None:
        if done > self._linked:
            self._linked = done
            message = f"Linking {self._total} packages"
            self._progress(ProgressEvent(phase="link", message=message, done=done, total=self._total, unit="packages"))

    def _count_links(self) -> int:
        try:
            return sum(name.endswith(".json") for name in os.listdir(self._folder))
        except OSError:
            return 0


def _sizes_of(package_cache: Path, names: "dict[str, int]") -> dict[str, int]:
    """The size of each of these archives that lies in the cache, wherever in it; extracted packages are not entered."""
    found = {}
    for folder, folders, files in os.walk(package_cache):
        if "info" in folders:
            folders.clear()
        for name in names.keys() & set(files):
            try:
                found[name] = os.stat(os.path.join(folder, name)).st_size
            except OSError:
                continue
    return found
