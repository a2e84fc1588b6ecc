"""Other paths by which a shell has reached a project."""

import os
from pathlib import Path

import pytest

from pyve.verbs.publish import find_alias


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project's directory, with another in it."""
    directory = tmp_path / "project"
    (directory / "inside").mkdir(parents=True)
    return directory


def test_the_path_itself_is_no_alias(root: Path) -> None:
    for written in (root.as_posix(), os.fspath(root), os.fspath(root) + os.sep):
        assert find_alias(root, {"PWD": written}) is None


@pytest.mark.posix("links")
def test_a_link_to_the_project_or_above_it_is_one_from_everywhere_inside(root: Path) -> None:
    (root.parent / "link").symlink_to(root.parent, target_is_directory=True)
    alias = root.parent / "link" / "project"

    for place in (alias, alias / "inside"):
        assert find_alias(root, {"PWD": os.fspath(place)}) == os.fspath(alias)


@pytest.mark.parametrize("written", ["", "project", "."])
def test_what_is_no_absolute_path_is_none(root: Path, written: str) -> None:
    assert find_alias(root, {"PWD": written}) is None


def test_a_shell_that_stands_elsewhere_tells_nothing(root: Path) -> None:
    assert find_alias(root, {"PWD": os.fspath(root.parent)}) is None
    assert find_alias(root, {}) is None
