"""A project as `init` leaves it, without an installer: real state, real ledger, real links, a small environment."""

import hashlib
import os
import stat
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

from pyve.cleanup.footprint import Footprint, apply_footprint, decide_footprint
from pyve.environments.changes import EnvironmentChanges
from pyve.environments.construction import commit_record, new_directory
from pyve.environments.pointing import Pointing, point, refresh_links
from pyve.environments.record import EnvironmentRecord
from pyve.environments.state import state_of_project
from pyve.environments.store import EnvironmentStore
from pyve.project.user_settings import UserSettings
from pyve.verbs.situation import Situation

NOW = datetime(2030, 6, 1, 12, 0, tzinfo=timezone.utc)


def make_situation(directory: Path, state_directory: Path, *, settings: UserSettings | None = None) -> Situation:
    return Situation(
        directory=directory,
        home=state_directory.parent,
        environment={},
        state_directory=os.fspath(state_directory),
        cache_directory=state_directory.parent / "cache",
        settings=settings or UserSettings(),
    )


def make_store(root: Path, state_directory: Path, *, folder: Path | None = None) -> EnvironmentStore:
    """The store of the project at `root`, which is registered."""
    state = state_of_project(os.fspath(state_directory), root)
    state.register()
    return EnvironmentStore(state=state, folder=folder or root / ".pyve" / "envs")


def leave_footprint(
    store: EnvironmentStore, *, build_backend: str | None = None, ignore: bool = True, take_venv: bool = False
) -> Footprint:
    footprint = decide_footprint(store, build_backend=build_backend, ignore=ignore, take_venv=take_venv)
    apply_footprint(store, footprint)
    return footprint


def build_environment(store: EnvironmentStore, declaration: str, *, files: int = 3) -> EnvironmentRecord:
    """A finished environment for `declaration`, with `files` files in it."""
    fingerprint = hashlib.sha256(declaration.encode()).hexdigest()
    store.folder.mkdir(parents=True, exist_ok=True)
    with new_directory(store, fingerprint) as directory:
        scripts = directory / ("Scripts" if sys.platform == "win32" else "bin")
        scripts.mkdir(parents=True)
        (directory / "pyvenv.cfg").write_text("home = /usr/bin\n")
        if sys.platform == "win32":
            (scripts / "python.exe").touch()
        else:
            (scripts / "python").symlink_to("/usr/bin/python3")
        for number in range(files):
            (directory / f"module_{number}.py").write_text("value = 1\n")
        record = make_record(store, directory, fingerprint)
        commit_record(store, record)
    return record


def make_record(store: EnvironmentStore, directory: Path, fingerprint: str) -> EnvironmentRecord:
    return EnvironmentRecord(
        fingerprint=fingerprint,
        directory=os.fspath(directory),
        project_root=os.fspath(store.state.root),
        backend="venv",
        backend_reason="",
        platform="linux-x86_64",
        python_requested="",
        python_source="",
        python_version="3.12.1",
        python_implementation="cpython",
        python_executable="/usr/bin/python3",
        site_packages=os.fspath(directory / "lib"),
        source="requirements.txt",
        locked=False,
        created_at=NOW.isoformat(),
        resolved_at=NOW.isoformat(),
        pyve_version="0",
        engine="uv",
        engine_version="0",
        engine_reason="",
        size_bytes=4096,
    )


def put_in_use(store: EnvironmentStore, record: EnvironmentRecord, links: tuple[Path, ...] = ()) -> None:
    point(store, Pointing(record=record, name="demo", prompt=True, changes=EnvironmentChanges(set={}), watched={}))
    refresh_links(store, Path(record.directory), names=links)


def initialise(
    store: EnvironmentStore, *, build_backend: str | None = None, ignore: bool = True, take_venv: bool = False
) -> EnvironmentRecord:
    """What `init` does to the tree and to the state."""
    footprint = leave_footprint(store, build_backend=build_backend, ignore=ignore, take_venv=take_venv)
    record = build_environment(store, "first")
    put_in_use(store, record, footprint.links)
    return record


def take_picture(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every path below `root`, git's own left out: its mode, and its bytes or where it leads."""
    picture = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if ".git" in name.parts:
            continue
        mode = path.lstat().st_mode
        content = b""
        if stat.S_ISLNK(mode):
            content = os.fsencode(os.readlink(path))
        elif stat.S_ISREG(mode):
            content = path.read_bytes()
        picture[os.fspath(name)] = (mode, content)
    return picture


def git(directory: Path, *arguments: str) -> str:
    """What git prints; a failure of git fails the test."""
    finished = subprocess.run(["git", *arguments], cwd=directory, capture_output=True, encoding="utf-8", check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def make_repository(directory: Path) -> None:
    """A repository with one commit that holds what is in `directory`."""
    git(directory, "init", "-q", "-b", "main")
    git(directory, "add", "-A")
    git(directory, "commit", "-q", "--allow-empty", "-m", "first")


def git_status(directory: Path) -> str:
    """`git status` with ignored files, one line each."""
    return git(directory, "status", "--porcelain", "--ignored", "--untracked-files=all")
