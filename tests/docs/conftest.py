"""What documented commands find when they run: pyve on PATH, package indexes of their own, a directory of their own."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.console_page import Command
from tests.docs.documented_packages import make_private_index, make_public_index
from tests.docs.page_run import Ended, RunPage, Surroundings, put_pyve_on_path, run_commands
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
def installer_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared by all pages: what one has downloaded, another need not."""
    return tmp_path_factory.mktemp("installer cache")


@pytest.fixture
def run_page(tmp_path: Path, home: Path, public_index: str, private_index: str, installer_cache: Path) -> RunPage:
    """Run the commands of a page. Nothing of the process's environment reaches them but the names for git."""
    if sys.platform == "win32":
        pytest.skip("the pages' commands are for POSIX shells")
    work, notes, programs = tmp_path / "work", tmp_path / "notes", tmp_path / "programs"
    for directory in (work, notes, programs):
        directory.mkdir()
    environment = {
        "HOME": os.fspath(home),
        "PATH": put_pyve_on_path(programs),
        "LANG": "C.UTF-8",
        "SHELL": "/bin/bash",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": public_index,
        "UV_CACHE_DIR": os.fspath(installer_cache / "uv"),
        "PIP_CACHE_DIR": os.fspath(installer_cache / "pip"),
        **{name: value for name, value in os.environ.items() if name.startswith("GIT_")},
    }
    surroundings = Surroundings(work=work, notes=notes, environment=environment, private_index=private_index)

    def run(commands: list[Command]) -> list[Ended]:
        return run_commands(commands, surroundings)

    return run
