"""What builds leave in a project is taken out again."""

from pathlib import Path

import pytest

from pyve.lockers.build_leftovers import sweep_build_leftovers


def make(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "PKG-INFO").touch()
    return folder


def test_what_appeared_goes_and_what_was_there_stays(tmp_path: Path) -> None:
    there = make(tmp_path / "mine.egg-info")
    with sweep_build_leftovers(tmp_path):
        new = [make(tmp_path / "demo.egg-info"), make(tmp_path / "src" / "demo.egg-info")]
        other = make(tmp_path / "demo")
    assert there.is_dir()
    assert other.is_dir()
    assert not any(one.exists() for one in new)


def test_what_appeared_before_a_failure_goes_too(tmp_path: Path) -> None:
    def fail() -> None:
        with sweep_build_leftovers(tmp_path):
            make(tmp_path / "demo.egg-info")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert not (tmp_path / "demo.egg-info").exists()


@pytest.mark.posix("symbolic links need a privilege on Windows")
def test_link_is_not_followed(tmp_path: Path) -> None:
    outside, root = make(tmp_path / "outside"), tmp_path / "root"
    root.mkdir()
    with sweep_build_leftovers(root):
        (root / "demo.egg-info").symlink_to(outside)
    assert (outside / "PKG-INFO").exists()
