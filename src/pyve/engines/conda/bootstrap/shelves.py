"""Where a micromamba lies that pyve fetched, and how it is found again without asking anybody."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.environments.state import ProjectState, state_of_project
from pyve.system.directories import state_directory
from pyve.system.files import digest_file, is_link, write_atomically

FOLDER_NAME = "micromamba"
RECORD_NAME = "micromamba.json"
PROGRAM_NAME = "micromamba.exe" if sys.platform == "win32" else "micromamba"
_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A place for micromamba: `folder` holds one directory a version, `record` says which is in use.

    The record of a project lies in its state: what a repository brings along is never run.
    """

    folder: Path
    record: Path

    def program(self, version: str) -> Path:
        """Where the executable of this version lies."""
        return self.folder / version / PROGRAM_NAME


def user_shelf() -> Shelf:
    """In the user's data directory; `self uninstall` removes it."""
    from platformdirs import user_data_dir

    folder = Path(user_data_dir("pyve", appauthor=False)) / FOLDER_NAME
    return Shelf(folder=folder, record=folder / RECORD_NAME)


def project_shelf(state: ProjectState) -> Shelf:
    """In the project's .pyve; `purge` removes it."""
    return Shelf(folder=state.root / ".pyve" / FOLDER_NAME, record=state.directory / RECORD_NAME)


def find_bootstrapped(environment: Mapping[str, str], *, project: Path) -> Path | None:
    """The executable that was bootstrapped into the project, else the user's; None where there is none."""
    return find_on_shelves(state_of_project(state_directory(environment), project))


def find_on_shelves(state: ProjectState) -> Path | None:
    """As find_bootstrapped, for the project whose state this is.

    A project's is read whole and compared with what was put there: a checkout may have overwritten it.
    """
    for shelf, is_project in ((project_shelf(state), True), (user_shelf(), False)):
        if is_project and (is_link(shelf.folder) or is_link(shelf.folder.parent)):
            continue
        found = read_shelf(shelf)
        if found is not None and os.access(found.program, os.X_OK) and (not is_project or found.is_whole()):
            return found.program
    return None


@dataclass(frozen=True, kw_only=True)
class Bootstrapped:
    """What a record says was put onto a shelf: `sha256` is the program's, `download_sha256` of what it came in."""

    version: str
    program: Path
    sha256: str
    url: str
    download_sha256: str

    def is_whole(self) -> bool:
        """Whether the program is still the one that was put there."""
        try:
            return not is_link(self.program) and digest_file(self.program) == self.sha256
        except OSError:
            return False


def read_shelf(shelf: Shelf) -> Bootstrapped | None:
    """What was put there last; None where nothing was, or the record cannot be understood."""
    try:
        document = json.loads(shelf.record.read_bytes())
        version, sha256, url, download = (str(document[key]) for key in ("version", "sha256", "url", "download_sha256"))
        if document["format"] != _FORMAT or Path(version).name != version:
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Bootstrapped(
        version=version, program=shelf.program(version), sha256=sha256, url=url, download_sha256=download
    )


def write_shelf(shelf: Shelf, put: Bootstrapped) -> None:
    """Note what was put there, for `read_shelf`."""
    document = {
        "format": _FORMAT,
        "version": put.version,
        "sha256": put.sha256,
        "url": put.url,
        "download_sha256": put.download_sha256,
    }
    write_atomically(shelf.record, (json.dumps(document, indent=2) + "\n").encode())
