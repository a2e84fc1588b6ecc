"""What documented commands find when they run: pyve on PATH, package indexes of their own, a directory of their own.

A page about conda says in its setup that conda-forge is the directory in `$LOCAL_CHANNEL`; there it finds the program
`lock-conda` too, which writes a conda-lock.yml (or a list, with `--explicit`) for the page's environment.yml.
"""

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.console_page import Command
from tests.docs.documented_conda import make_documented_channel
from tests.docs.documented_packages import make_private_index, make_public_index
from tests.docs.page_run import CHECKOUT, Ended, RunPage, Surroundings, put_pyve_on_path, run_commands
from tests.support.package_index import Faults


@pytest.fixture(scope="session")
def public_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of the index that stands for the public one."""
    with make_public_index(tmp_path_factory.mktemp("index") / "public").serve() as url:
        yield url


@pytest.fixture(scope="session")
def private_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of the index that the pages call https://index.example/simple; it wants me and secret."""
    index = make_private_index(tmp_path_factory.mktemp("index") / "private")
    with index.serve(Faults(basic_auth=("me", "secret"))) as url:
        yield url


@pytest.fixture(scope="session")
def local_channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The conda channel that stands for conda-forge."""
    return make_documented_channel(tmp_path_factory.mktemp("channels") / "conda-forge").path


@pytest.fixture(scope="session")
def installer_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared by all pages: what one has downloaded, another need not."""
    return tmp_path_factory.mktemp("installer cache")


@pytest.fixture
def run_page(
    tmp_path: Path, home: Path, public_index: str, private_index: str, local_channel: Path, installer_cache: Path
) -> RunPage:
    """Run the commands of a page. Nothing of the process's environment reaches them but the names for git."""
    if sys.platform == "win32":
        pytest.skip("the pages' commands are for POSIX shells")
    work, notes, programs = tmp_path / "work", tmp_path / "notes", tmp_path / "programs"
    for directory in (work, notes, programs):
        directory.mkdir()
    _put_lock_conda(programs, local_channel)
    environment = {
        "HOME": os.fspath(home),
        "PATH": put_pyve_on_path(programs),
        "LANG": "C.UTF-8",
        "SHELL": "/bin/bash",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": public_index,
        "UV_CACHE_DIR": os.fspath(installer_cache / "uv"),
        "PIP_CACHE_DIR": os.fspath(installer_cache / "pip"),
        "LOCAL_CHANNEL": os.fspath(local_channel),
        **{name: value for name, value in os.environ.items() if name.startswith("GIT_")},
    }
    surroundings = Surroundings(work=work, notes=notes, environment=environment, private_index=private_index)

    def run(commands: list[Command]) -> list[Ended]:
        return run_commands(commands, surroundings)

    return run


def _put_lock_conda(programs: Path, channel: Path) -> None:
    words = [sys.executable, "-m", "tests.docs.documented_conda", os.fspath(channel)]
    launcher = programs / "lock-conda"
    launcher.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(os.fspath(CHECKOUT))} exec {shlex.join(words)} "$@"\n')
    launcher.chmod(0o755)
