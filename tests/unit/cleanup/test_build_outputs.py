from pathlib import Path

import pytest

from pyve.cleanup.build_outputs import claim_build_outputs, expect_build_outputs, unclaimed_outputs
from pyve.cleanup.ledger import read_ledger
from pyve.environments.store import EnvironmentStore
from tests.support.stored_project import git, initialise, make_repository, make_store


@pytest.fixture
def store(project: Path, tmp_path: Path) -> EnvironmentStore:
    make_repository(project)
    store = make_store(project, tmp_path / "state")
    initialise(store)
    return store


def make_output(project: Path, name: str) -> Path:
    path = project / name
    path.mkdir(parents=True)
    (path / "PKG-INFO").write_text("Name: demo\n")
    return path


def claimed(store: EnvironmentStore) -> set[Path]:
    return {entry.path for entry in read_ledger(store.state) if entry.kind == "build-output"}


@pytest.mark.parametrize("name", ["demo.egg-info", "src/demo.egg-info", "lib dir/demo.egg-info"])
def test_what_comes_during_the_build_is_claimed_and_ignored_by_git(
    project: Path, store: EnvironmentStore, name: str
) -> None:
    expect_build_outputs(store)
    output = make_output(project, name)
    claim_build_outputs(store)
    assert claimed(store) == {output}
    assert git(project, "status", "--porcelain", "--untracked-files=all") == ""


def test_what_was_there_before_is_never_claimed(project: Path, store: EnvironmentStore) -> None:
    make_output(project, "users.egg-info")
    expect_build_outputs(store)
    claim_build_outputs(store)
    assert claimed(store) == set()


def test_what_comes_without_a_build_of_pyve_is_never_claimed(project: Path, store: EnvironmentStore) -> None:
    expect_build_outputs(store)
    claim_build_outputs(store)
    make_output(project, "users.egg-info")
    claim_build_outputs(store)
    assert claimed(store) == set()


def test_what_a_killed_build_left_is_claimed_by_the_next(project: Path, store: EnvironmentStore) -> None:
    expect_build_outputs(store)
    output = make_output(project, "src/demo.egg-info")
    assert unclaimed_outputs(store.state) == [output]
    expect_build_outputs(store)
    claim_build_outputs(store)
    assert claimed(store) == {output}


def test_a_line_of_the_users_for_build_outputs_is_enough(project: Path, store: EnvironmentStore) -> None:
    (project / ".gitignore").write_text("*.egg-info/\n")
    before = (project / ".git" / "info" / "exclude").read_bytes()
    expect_build_outputs(store)
    make_output(project, "demo.egg-info")
    claim_build_outputs(store)
    assert (project / ".git" / "info" / "exclude").read_bytes() == before


def test_nothing_behind_a_link_is_claimed(project: Path, store: EnvironmentStore, tmp_path: Path) -> None:
    expect_build_outputs(store)
    make_output(tmp_path, "outside/demo.egg-info")
    (project / "src").symlink_to(tmp_path / "outside")
    (project / "demo.egg-info").symlink_to(tmp_path / "outside" / "demo.egg-info")
    claim_build_outputs(store)
    assert claimed(store) == set()
