"""Builds and removals that were interrupted are swept; those under way are not."""

import os
from pathlib import Path

import pytest

from pyve.environments.construction import (
    hold_build_lock,
    new_directory,
    remove_environment,
    sweep_unfinished,
    unfinished,
    work_directory,
)
from pyve.environments.state import state_of_project
from pyve.environments.store import EnvironmentStore
from pyve.errors import NotADirectoryHereError, RefusedError

FINGERPRINT = "0123456789abcdef" * 4
OTHER = "fedcba9876543210" * 4


@pytest.fixture
def store(project: Path, tmp_path: Path) -> EnvironmentStore:
    """The prepared store of a registered project."""
    state = state_of_project(str(tmp_path / "state"), project)
    state.register()
    made = EnvironmentStore(state=state, folder=project / ".pyve" / "envs")
    made.prepare()
    return made


def interrupt_build(store: EnvironmentStore, fingerprint: str = FINGERPRINT) -> Path:
    """Leave what a killed build leaves: a directory and its mark."""
    directory = store.folder / f"{fingerprint[:8]}-00000000"
    (directory / "bin").mkdir(parents=True)
    (store.state.builds / directory.name).write_text(fingerprint)
    return directory


def test_mark_stands_while_a_build_is_under_way(store: EnvironmentStore) -> None:
    with new_directory(store, FINGERPRINT) as directory:
        assert unfinished(store) == [(directory.name, FINGERPRINT)]
        assert not directory.exists()


def test_build_that_fails_leaves_nothing(store: EnvironmentStore) -> None:
    def fail(directory: Path) -> None:
        (directory / "lib").mkdir(parents=True)
        raise OSError("no")

    with pytest.raises(OSError, match="no"), new_directory(store, FINGERPRINT) as directory:
        fail(directory)

    assert unfinished(store) == []
    assert list(store.folder.iterdir()) == []


def test_interrupted_build_is_swept(store: EnvironmentStore) -> None:
    directory = interrupt_build(store)

    assert sweep_unfinished(store) == [directory.name]
    assert unfinished(store) == []
    assert not directory.exists()


def test_build_under_way_is_not_swept(store: EnvironmentStore) -> None:
    directory = interrupt_build(store, OTHER)

    with hold_build_lock(store, OTHER):
        assert sweep_unfinished(store) == []
        assert directory.is_dir()
        with hold_build_lock(store, FINGERPRINT):
            assert sweep_unfinished(store, held=FINGERPRINT) == []

    assert sweep_unfinished(store) == [directory.name]


def test_finished_build_whose_mark_stayed_is_kept(store: EnvironmentStore) -> None:
    directory = interrupt_build(store)
    store.record_file(directory.name).write_text("{}")

    assert sweep_unfinished(store) == []
    assert directory.is_dir()
    assert unfinished(store) == []


def test_directory_without_a_mark_is_never_swept(store: EnvironmentStore) -> None:
    (store.folder / "0badf00d-0badf00d").mkdir()

    sweep_unfinished(store)

    assert (store.folder / "0badf00d-0badf00d").is_dir()


def test_removal_that_was_interrupted_is_ended_by_the_sweep(store: EnvironmentStore) -> None:
    directory = interrupt_build(store)
    (store.state.builds / directory.name).unlink()
    store.record_file(directory.name).write_text("{}")
    (directory / "bin").chmod(0o500)

    remove_environment(store, directory.name, fingerprint=FINGERPRINT)

    assert not directory.exists()
    assert unfinished(store) == []
    assert not store.record_file(directory.name).exists()


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege")
def test_nothing_behind_a_link_is_swept(store: EnvironmentStore, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_text("mine")
    directory = store.folder / f"{FINGERPRINT[:8]}-00000000"
    directory.symlink_to(elsewhere)
    (store.state.builds / directory.name).write_text(FINGERPRINT)

    with pytest.raises(RefusedError):
        sweep_unfinished(store)

    assert (elsewhere / "file").read_text() == "mine"


def test_remnants_of_old_writes_are_swept_and_young_ones_are_not(store: EnvironmentStore) -> None:
    old, young = store.state.directory / ".new-old", store.workshop / ".new-young"
    for path in (old, young):
        path.write_text("")
    os.utime(old, (0, 0))

    sweep_unfinished(store)

    assert not old.exists()
    assert young.exists()


def test_file_where_a_folder_should_be_is_told(store: EnvironmentStore) -> None:
    store.folder.rmdir()
    store.folder.write_text("")

    with pytest.raises(NotADirectoryHereError):
        store.prepare()


def test_what_a_killed_build_worked_with_is_swept_with_it(store: EnvironmentStore) -> None:
    directory = interrupt_build(store)
    work = store.state.work / directory.name
    work.mkdir(parents=True)
    (work / "requirements.txt").touch()

    assert sweep_unfinished(store) == [directory.name]
    assert not work.exists()


def test_work_directory_is_empty_and_goes_with_the_work(store: EnvironmentStore) -> None:
    left = store.state.work / "01234567-00000000" / "left.txt"
    left.parent.mkdir(parents=True)
    left.touch()

    with work_directory(store, "01234567-00000000") as work:
        assert list(work.iterdir()) == []
    assert not work.exists()
