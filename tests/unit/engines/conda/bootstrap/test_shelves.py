"""Where a bootstrapped micromamba is found again, and that nothing else is run in its place."""

import hashlib
import os
from pathlib import Path

import pytest

from pyve.engines.conda.bootstrap.shelves import (
    Bootstrapped,
    Shelf,
    find_bootstrapped,
    project_shelf,
    read_shelf,
    user_shelf,
    write_shelf,
)
from pyve.environments.state import state_of_project

pytestmark = pytest.mark.posix("the program is a script")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A place that is not there yet."""
    return Shelf(folder=tmp_path / "data" / "micromamba", record=tmp_path / "data" / "record.json")


def put(shelf: Shelf, content: bytes = b"#!/bin/sh\n") -> Path:
    program = shelf.program("2.9.0")
    program.parent.mkdir(parents=True)
    program.write_bytes(content)
    program.chmod(0o755)
    shelf.record.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(content).hexdigest()
    write_shelf(shelf, Bootstrapped(version="2.9.0", program=program, sha256=digest, url="u", download_sha256="d" * 64))
    return program


def test_nothing_is_found_where_nothing_was_put(project: Path) -> None:
    assert find_bootstrapped(os.environ, project=project) is None


def test_the_projects_own_comes_before_the_users(project: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYVE_STATE_DIR": str(tmp_path / "state")}
    users = put(user_shelf())
    assert find_bootstrapped(environment, project=project) == users

    own = put(project_shelf(state_of_project(str(tmp_path / "state"), project)))

    assert find_bootstrapped(environment, project=project) == own
    assert find_bootstrapped(environment, project=tmp_path) == users


@pytest.mark.parametrize("how", ["unknown to the state", "overwritten", "a link", "behind a link"])
def test_program_that_a_repository_brings_is_not_run(project: Path, tmp_path: Path, how: str) -> None:
    environment = {**os.environ, "PYVE_STATE_DIR": str(tmp_path / "state")}
    shelf = project_shelf(state_of_project(str(tmp_path / "state"), project))
    program = put(shelf)
    if how == "unknown to the state":
        shelf.record.unlink()
    elif how == "overwritten":
        program.write_bytes(b"#!/bin/sh\necho evil\n")
    elif how == "a link":
        program.rename(tmp_path / "moved")
        program.symlink_to(tmp_path / "moved")
    else:
        shelf.folder.rename(tmp_path / "moved")
        shelf.folder.symlink_to(tmp_path / "moved")

    assert find_bootstrapped(environment, project=project) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 9}', '{"format": 1, "version": "../x", "sha256": "a"}'])
def test_record_that_cannot_be_understood_is_none(shelf: Shelf, text: str) -> None:
    shelf.record.parent.mkdir(parents=True)
    shelf.record.write_text(text, encoding="utf-8")

    assert read_shelf(shelf) is None
