"""What shells compare watched files with."""

import os
from pathlib import Path

import pytest

from pyve.environments.references import COARSE, find_newest_time, list_watched, renew_references, set_references

SECOND = 10**9
NOW = 2_000_000_000 * SECOND


def make_file(path: Path, *, seconds_ago: float) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    moment = NOW - int(seconds_ago * SECOND)
    os.utime(path, ns=(moment, moment))
    return os.fspath(path)


def set_age(path: Path, *, seconds_ago: float) -> None:
    moment = NOW - int(seconds_ago * SECOND)
    os.utime(path, ns=(moment, moment))


def test_only_what_is_there_is_watched(tmp_path: Path) -> None:
    there = make_file(tmp_path / "there", seconds_ago=9)
    set_age(tmp_path, seconds_ago=9)
    assert list_watched(os.fspath(tmp_path), ["there", "absent"], [], now=NOW) == [os.fspath(tmp_path), there]


def test_folder_of_an_input_inside_the_project_is_watched(tmp_path: Path) -> None:
    inner = make_file(tmp_path / "sub" / "x", seconds_ago=9)
    assert os.fspath(tmp_path / "sub") in list_watched(os.fspath(tmp_path), ["sub/x"], [], now=NOW)
    assert inner in map(os.path.normpath, list_watched(os.fspath(tmp_path), ["sub/x"], [], now=NOW))


def test_folder_of_an_input_outside_is_not_watched(tmp_path: Path) -> None:
    outside = make_file(tmp_path / "elsewhere" / "x", seconds_ago=9)
    root = tmp_path / "project"
    root.mkdir()
    set_age(root, seconds_ago=9)
    assert list_watched(os.fspath(root), [outside], [], now=NOW) == [os.fspath(root), outside]


def test_what_is_from_the_future_is_not_watched(tmp_path: Path) -> None:
    make_file(tmp_path / "later", seconds_ago=-60)
    set_age(tmp_path, seconds_ago=1)
    assert list_watched(os.fspath(tmp_path), ["later"], [], now=NOW) == [os.fspath(tmp_path)]


@pytest.mark.posix("links need a privilege on Windows")
def test_of_the_environment_only_plain_files_are_watched(tmp_path: Path) -> None:
    plain = make_file(tmp_path / "env" / "pyvenv.cfg", seconds_ago=9)
    link = tmp_path / "env" / "python"
    link.symlink_to(plain)
    set_age(tmp_path, seconds_ago=1)
    sentinels = [plain, os.fspath(tmp_path / "env"), os.fspath(link), os.fspath(tmp_path / "gone")]
    assert list_watched(os.fspath(tmp_path), [], sentinels, now=NOW) == [os.fspath(tmp_path), plain]


def references(tmp_path: Path, *, newest_seconds_ago: float) -> tuple[int, int]:
    prefix = tmp_path / "reference-1"
    set_references(os.fspath(prefix), NOW - int(newest_seconds_ago * SECOND), now=NOW)
    return prefix.stat().st_mtime_ns, prefix.with_name(prefix.name + COARSE).stat().st_mtime_ns


def test_both_references_bear_the_time_of_an_old_change(tmp_path: Path) -> None:
    assert references(tmp_path, newest_seconds_ago=60) == (NOW - 60 * SECOND, NOW - 60 * SECOND)


def test_coarse_reference_is_a_second_older_after_a_young_change(tmp_path: Path) -> None:
    """An edit in the same second as the newest file is newer for a shell that compares whole seconds."""
    exact, coarse = references(tmp_path, newest_seconds_ago=0.5)
    assert exact == NOW - SECOND // 2
    assert coarse // SECOND < exact // SECOND


def test_newest_time_of_nothing_is_none(tmp_path: Path) -> None:
    assert find_newest_time([os.fspath(tmp_path / "gone")]) == 0


def test_renewing_gives_both_references_their_times(tmp_path: Path) -> None:
    set_references(os.fspath(tmp_path / "reference-1"), NOW - 9 * SECOND, now=NOW)
    assert renew_references(os.fspath(tmp_path), NOW - SECOND // 2, now=NOW)
    assert (tmp_path / "reference-1").stat().st_mtime_ns == NOW - SECOND // 2
    assert (tmp_path / f"reference-1{COARSE}").stat().st_mtime_ns < NOW - SECOND // 2


def test_renewing_makes_no_reference(tmp_path: Path) -> None:
    """One that was swept tells shells to read their snippet anew, and must not come back."""
    assert not renew_references(os.fspath(tmp_path), NOW, now=NOW)
    make_file(tmp_path / "reference-1", seconds_ago=9)
    assert renew_references(os.fspath(tmp_path), NOW, now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["reference-1"]
