"""The file whose end sends every shell to look again."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pyve.environments.generation import begin_generation, change_of_generation, ensure_generation


def newest(state: Path) -> str:
    return (state / "generation").read_text("ascii").strip()


def generations(state: Path) -> list[str]:
    return [path.name for path in (state / "generations").iterdir()]


def test_beginning_one_ends_the_one_before(tmp_path: Path) -> None:
    begin_generation(os.fspath(tmp_path))
    first = newest(tmp_path)
    begin_generation(os.fspath(tmp_path))
    assert newest(tmp_path) != first
    assert generations(tmp_path) == [newest(tmp_path)]


def test_ensuring_keeps_the_one_that_is_there(tmp_path: Path) -> None:
    ensure_generation(os.fspath(tmp_path))
    first = newest(tmp_path)
    ensure_generation(os.fspath(tmp_path))
    assert generations(tmp_path) == [first]


def test_ensuring_heals_one_whose_file_is_gone(tmp_path: Path) -> None:
    ensure_generation(os.fspath(tmp_path))
    (tmp_path / "generations" / newest(tmp_path)).unlink()
    ensure_generation(os.fspath(tmp_path))
    assert generations(tmp_path) == [newest(tmp_path)]


def test_many_at_once_leave_one_that_is_there(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _number: begin_generation(os.fspath(tmp_path)), range(24)))
    assert generations(tmp_path) == [newest(tmp_path)]


def test_change_that_fails_leaves_none_so_that_shells_look_at_each_prompt(tmp_path: Path) -> None:
    begin_generation(os.fspath(tmp_path))
    with pytest.raises(KeyboardInterrupt), change_of_generation(os.fspath(tmp_path)):
        raise KeyboardInterrupt
    assert generations(tmp_path) == []
    ensure_generation(os.fspath(tmp_path))
    assert generations(tmp_path) == [newest(tmp_path)]


def test_change_ends_with_a_new_one(tmp_path: Path) -> None:
    with change_of_generation(os.fspath(tmp_path)):
        assert not (tmp_path / "generations").exists()
    assert generations(tmp_path) == [newest(tmp_path)]
