"""Files that change together: all of them, or none."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pyve.errors import ManifestUnreadableError, RefusedError
from pyve.errors.lock import LockChangedError
from pyve.verbs.file_changes import FileChange, apply_changes, changed_files, read_before, take_back


def change(path: Path, before: bytes | None, after: bytes | None) -> FileChange:
    return FileChange(path=path, before=before, after=after)


def interrupt_within(changes: list[FileChange], root: Path) -> None:
    with changed_files(changes, root=root):
        assert [one.path.read_bytes() for one in changes] == [one.after for one in changes]
        raise KeyboardInterrupt


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.posix("pipes are made with os.mkfifo")
@pytest.mark.parametrize("make", [Path.mkdir, make_pipe, make_link_to_itself])
def test_what_is_no_file_is_named_and_not_waited_for(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "lock")
    with pytest.raises(ManifestUnreadableError, match="lock cannot be read"):
        read_before(tmp_path / "lock")


def test_all_files_are_written(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"1")
    apply_changes([change(old, b"1", b"2"), change(new, None, b"3")], root=tmp_path)
    assert (old.read_bytes(), new.read_bytes()) == (b"2", b"3")


def test_nothing_is_written_where_one_file_is_not_as_it_was(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"1")
    second.write_bytes(b"somebody else")
    with pytest.raises(LockChangedError, match="second"):
        apply_changes([change(first, b"1", b"2"), change(second, None, b"3")], root=tmp_path)
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"somebody else")


def test_what_somebody_else_has_made_already_is_left_and_not_taken_back(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"2")
    changes = [change(first, b"1", b"2"), change(second, None, b"3")]
    with pytest.raises(KeyboardInterrupt):
        interrupt_within(changes, tmp_path)
    assert (first.read_bytes(), second.exists()) == (b"2", False)
    apply_changes(changes, root=tmp_path)
    assert (first.read_bytes(), second.read_bytes()) == (b"2", b"3")


@pytest.mark.posix("the failure is told in other words")
def test_what_was_written_is_taken_back_where_a_later_file_cannot_be(tmp_path: Path) -> None:
    first, closed = tmp_path / "first", tmp_path / "a file" / "inside"
    first.write_bytes(b"1")
    (tmp_path / "a file").mkdir()
    lost = change(closed, None, b"3")
    (tmp_path / "a file").rmdir()
    with pytest.raises(Exception, match="a file"):
        apply_changes([change(first, b"1", b"2"), lost], root=tmp_path)
    assert first.read_bytes() == b"1"


def test_a_block_that_fails_leaves_the_files_as_they_were(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"1")
    changes = [change(old, b"1", b"2"), change(new, None, b"3")]
    with pytest.raises(KeyboardInterrupt):
        interrupt_within(changes, tmp_path)
    assert old.read_bytes() == b"1"
    assert not new.exists()


def test_what_somebody_else_wrote_meanwhile_is_left_alone_and_named(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"1")
    changes = [change(old, b"1", b"2")]
    apply_changes(changes, root=tmp_path)
    old.write_bytes(b"theirs")
    assert take_back(changes, root=tmp_path) == (old,)
    assert old.read_bytes() == b"theirs"


def test_what_cannot_be_put_back_is_named_and_the_rest_is_put_back(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "folder" / "second"
    (tmp_path / "folder").mkdir()
    first.write_bytes(b"2")
    changes = [change(first, b"1", b"2"), change(second, b"1", None)]
    (tmp_path / "folder").rmdir()
    (tmp_path / "folder").write_bytes(b"a file now")
    assert take_back(changes, root=tmp_path) == (second,)
    assert first.read_bytes() == b"1"


@pytest.mark.posix("Windows has no modes")
def test_the_mode_of_a_file_stays(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"1")
    old.chmod(0o640)
    apply_changes([change(old, b"1", b"2")], root=tmp_path)
    assert old.stat().st_mode & 0o777 == 0o640


@pytest.mark.posix("Windows has no modes")
def test_a_new_file_can_be_read_as_any_new_file_can(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        apply_changes([change(tmp_path / "new", None, b"2")], root=tmp_path)
    finally:
        os.umask(mask)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640


@pytest.mark.posix("symbolic links need a privilege on Windows")
def test_a_link_inside_the_project_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"1")
    (tmp_path / "link").symlink_to("real")
    apply_changes([change(tmp_path / "link", b"1", b"2")], root=tmp_path)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"2"


@pytest.mark.posix("symbolic links need a privilege on Windows")
def test_a_link_that_leads_out_of_the_project_is_refused(tmp_path: Path) -> None:
    root, outside = tmp_path / "project", tmp_path / "outside"
    root.mkdir()
    outside.write_bytes(b"1")
    (root / "link").symlink_to(outside)
    with pytest.raises(RefusedError, match="outside"):
        apply_changes([change(root / "link", b"1", b"2")], root=root)
    assert outside.read_bytes() == b"1"
