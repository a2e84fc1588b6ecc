"""The environments of one project: where they lie, which are finished, which one is in use."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.environments.current import Current, read_fields
from pyve.environments.record import EnvironmentRecord, read_record
from pyve.environments.state import ProjectState
from pyve.errors import NotADirectoryHereError, PyveError, RefusedError, StateDamagedError
from pyve.system.files import is_link, tell_disk_errors, write_atomically

WORKSHOP_NAME = ".pyve"
_CACHEDIR_TAG = (
    b"Signature: 8a477f597d28d172789f06886806bc55\n"
    b"# This directory holds environments that can be built again. https://bford.info/cachedir/\n"
)
SELF_IGNORING: Mapping[str, bytes] = {".gitignore": b"*\n", "CACHEDIR.TAG": _CACHEDIR_TAG}  # what .pyve holds of ours


def find_link_on_the_way(directory: Path) -> Path | None:
    """A link that stands where pyve made a directory: the environment itself, or one of the folders made for it."""
    folders = [directory, directory.parent]
    if directory.parent.parent.name == WORKSHOP_NAME:
        folders.append(directory.parent.parent)
    return next((folder for folder in folders if is_link(folder)), None)


@dataclass(frozen=True, kw_only=True)
class EnvironmentStore:
    """The store of one project.

    `folder` is where its environments lie: `.pyve/envs` in the project, or a folder of the user's choice elsewhere.
    """

    state: ProjectState
    folder: Path

    @property
    def workshop(self) -> Path:
        """The project's `.pyve`: self-ignoring, holds the stable link and, as a rule, the environments."""
        return self.state.root / WORKSHOP_NAME

    def records(self) -> list[EnvironmentRecord]:
        """The records of all finished environments, newest first; a damaged record counts as none."""
        found = []
        for path in self._entries(self.state.records):
            with contextlib.suppress(PyveError, FileNotFoundError):
                found.append(read_record(path))
        return sorted(found, key=lambda record: record.created_at, reverse=True)

    def record_named(self, key: str) -> EnvironmentRecord | None:
        """The record of the environment directory called `key`, None when there is none that can be read."""
        try:
            return read_record(self.record_file(key))
        except (FileNotFoundError, PyveError):
            return None

    def record_file(self, key: str) -> Path:
        """Where the record of the directory called `key` lies; its modification time is the environment's last use."""
        return self.state.records / f"{key}.json"

    def current(self) -> Current | None:
        """What is in use, None before the first build; a damaged file counts as none, so that a sync heals it."""
        return self._pointer(self.state.current_file)

    def current_record(self) -> EnvironmentRecord | None:
        """The record of the environment in use."""
        current = self.current()
        return self.record_named(current.first("key")) if current else None

    def previous_record(self) -> EnvironmentRecord | None:
        """The record of the environment that was in use before."""
        previous = self._pointer(self.state.previous_file)
        return self.record_named(previous.first("key")) if previous else None

    def foreign_directories(self) -> list[Path]:
        """What lies among the environments without pyve having put it there, as far as this machine's state knows."""
        if is_link(self.folder) or is_link(self.folder.parent):
            return []
        return [
            path
            for path in self._entries(self.folder)
            if not self.record_file(path.name).exists() and not (self.state.builds / path.name).exists()
        ]

    def prepare(self) -> list[Path]:
        """Make the folders that environments need, and return the files that were made for it.

        Raises RefusedError where a link stands in for one of them, since a repository can bring such links.
        """
        for directory in (self.workshop, self.folder):
            if is_link(directory):
                raise RefusedError(
                    f"{directory} is a link; environments are not built behind links.", hint=f"rm {directory}"
                )
            if directory.exists() and not directory.is_dir():
                raise NotADirectoryHereError(f"{directory} is a file; pyve needs a directory there.")
        with tell_disk_errors(self.workshop):
            self.workshop.mkdir(exist_ok=True)
            self.folder.mkdir(parents=True, exist_ok=True)
            made = []
            for name, content in SELF_IGNORING.items():
                path = self.workshop / name
                if not path.exists() and not is_link(path):
                    write_atomically(path, content, mode=0o644)
                    made.append(path)
        return made

    @staticmethod
    def _pointer(path: Path) -> Current | None:
        try:
            fields = read_fields(str(path))
        except StateDamagedError:
            return None
        return Current(fields) if fields is not None else None

    @staticmethod
    def _entries(folder: Path) -> list[Path]:
        try:
            return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        except OSError:
            return []
