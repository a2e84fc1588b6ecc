"""A lock keeps others out until it is let go, also between handles of one process."""

import sys
import threading
from pathlib import Path

import pytest

from pyve.system.file_lock import hold_lock, share_lock, try_lock


def test_held_lock_is_not_given_twice(tmp_path: Path) -> None:
    with hold_lock(tmp_path / "lock"), try_lock(tmp_path / "lock") as second:
        assert second is None
    with try_lock(tmp_path / "lock") as free:
        assert free is not None


def test_waiting_is_told_and_ends(tmp_path: Path) -> None:
    held, told, entered = threading.Event(), threading.Event(), threading.Event()

    def wait() -> None:
        held.wait()
        with hold_lock(tmp_path / "lock", on_wait=told.set):
            entered.set()

    waiter = threading.Thread(target=wait)
    waiter.start()
    with hold_lock(tmp_path / "lock"):
        held.set()
        assert told.wait(60)
        assert not entered.is_set()
    waiter.join(60)
    assert entered.is_set()


def test_folder_of_a_shared_lock_can_be_deleted_inside(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with share_lock(folder / "users", prepare=lambda: folder.mkdir(exist_ok=True)) as is_alone:
        assert is_alone()
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    assert not folder.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no lock that is shared and then taken")
def test_two_who_share_are_not_alone(tmp_path: Path) -> None:
    with (
        share_lock(tmp_path / "users", prepare=lambda: None) as is_alone,
        share_lock(tmp_path / "users", prepare=lambda: None),
    ):
        assert not is_alone()
