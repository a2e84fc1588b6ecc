"""Files are replaced whole, links are told from what merely looks like one, and trees are deleted with nothing else."""

import os
import sys
import threading
from pathlib import Path

import pytest

from pyve.errors import NotADirectoryHereError, RefusedError
from pyve.system.files import is_link, make_private_directory, measure_tree, remove_tree, write_atomically
from pyve.system.links import link_target, point_link, remove_link

only_windows = pytest.mark.skipif(sys.platform != "win32", reason="only Windows has drives and locks open files")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A directory with one file, for a link to lead to."""
    directory = tmp_path / "target"
    directory.mkdir()
    (directory / "file").write_text("mine")
    return directory


def test_link_is_made_moved_and_removed(tmp_path: Path, target: Path) -> None:
    link, other = tmp_path / "link", tmp_path / "other"
    other.mkdir()

    point_link(link, target, workshop=tmp_path)
    assert is_link(link)
    assert link_target(link) == target
    assert (link / "file").read_text() == "mine"

    point_link(link, other, workshop=tmp_path)
    assert link_target(link) == other

    remove_link(link)
    assert not os.path.lexists(link)
    assert (target / "file").exists()


def test_only_links_are_links(tmp_path: Path, target: Path) -> None:
    assert [is_link(path) for path in (target, target / "file", tmp_path / "absent")] == [False, False, False]
    assert link_target(target) is None


def test_tree_goes_without_what_its_links_lead_to(tmp_path: Path, target: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "inner").mkdir(parents=True)
    point_link(tree / "inner" / "link", target, workshop=tmp_path)

    remove_tree(tree, inside=tmp_path)

    assert not tree.exists()
    assert (target / "file").read_text() == "mine"


def test_tree_of_read_only_files_goes(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "inner").mkdir(parents=True)
    (tree / "inner" / "file").write_text("")
    (tree / "inner" / "file").chmod(0o400)
    (tree / "inner").chmod(0o500)

    remove_tree(tree, inside=tmp_path)

    assert not tree.exists()


def test_nothing_is_deleted_behind_a_link(tmp_path: Path, target: Path) -> None:
    link = tmp_path / "link"
    point_link(link, target, workshop=tmp_path)

    with pytest.raises(RefusedError):
        remove_tree(link / "file", inside=tmp_path)
    with pytest.raises(RefusedError):
        remove_tree(link, inside=tmp_path)

    assert (target / "file").exists()


@pytest.mark.posix("mounts are in directories")
def test_tree_with_a_mount_in_it_is_not_deleted(tmp_path: Path) -> None:
    tree, table = tmp_path / "a tree", tmp_path / "mountinfo"
    (tree / "data").mkdir(parents=True)
    (tree / "data" / "mine").touch()
    (tmp_path / "a tree beside").mkdir()
    point = os.fspath(tree.resolve()).replace(" ", "\\040")
    table.write_text(f"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / {point}/data rw shared:1 - ext4 /dev/sdb1 rw\n")

    with pytest.raises(RefusedError, match="is mounted in"):
        remove_tree(tree, inside=tmp_path, mounts=table)
    remove_tree(tmp_path / "a tree beside", inside=tmp_path, mounts=table)

    assert (tree / "data" / "mine").exists()
    assert not (tmp_path / "a tree beside").exists()


def test_size_does_not_count_what_links_lead_to(tmp_path: Path, target: Path) -> None:
    (target / "large").write_bytes(b"x" * 1_000_000)
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "own").write_bytes(b"x" * 10_000)
    point_link(tree / "link", target, workshop=tmp_path)

    assert 10_000 <= measure_tree(tree) < 1_000_000


def test_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "name" / "in the way").mkdir(parents=True)

    with pytest.raises((OSError, NotADirectoryHereError)):
        write_atomically(tmp_path / "name", b"content", mode=0o400)

    assert [path.name for path in tmp_path.iterdir()] == ["name"]


@only_windows
def test_file_that_is_read_right_now_is_replaced_when_the_reader_has_done(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    with path.open("rb") as reader:
        closing = threading.Timer(0.3, reader.close)
        closing.start()
        write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


@only_windows
def test_drive_that_is_not_there_is_told() -> None:
    absent = next(f"{letter}:\\" for letter in "ZYXWVUT" if not os.path.exists(f"{letter}:\\"))
    with pytest.raises(NotADirectoryHereError):
        make_private_directory(Path(absent, "state"))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may delete everything")
def test_a_read_only_tree_is_deleted_and_the_mode_of_shared_files_stays(tmp_path: Path) -> None:
    cached = tmp_path / "cached"
    cached.write_text("x", encoding="utf-8")
    cached.chmod(0o444)
    folder = tmp_path / "tree" / "inner"
    folder.mkdir(parents=True)
    os.link(cached, folder / "linked")
    folder.chmod(0o555)
    remove_tree(tmp_path / "tree", inside=tmp_path)
    assert not (tmp_path / "tree").exists()
    assert cached.stat().st_mode & 0o777 == 0o444


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may delete everything")
def test_the_directory_that_a_tree_lies_in_is_not_opened_up(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "tree").mkdir(parents=True)
    project.chmod(0o555)
    with pytest.raises(PermissionError):
        remove_tree(project / "tree", inside=project)
    assert project.stat().st_mode & 0o777 == 0o555
    project.chmod(0o755)
