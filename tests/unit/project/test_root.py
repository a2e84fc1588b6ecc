"""Where the search for a project ends."""

from pathlib import Path

import pytest

from pyve.project.root import find_root


@pytest.fixture
def above(tmp_path: Path) -> Path:
    """A directory with a manifest, above a home directory with a folder in it."""
    (tmp_path / "above" / "home" / "folder").mkdir(parents=True)
    (tmp_path / "above" / "requirements.txt").write_text("", encoding="utf-8")
    return tmp_path / "above"


def test_the_nearest_manifest_makes_the_root(above: Path, tmp_path: Path) -> None:
    assert find_root(above / "home" / "folder", home=tmp_path / "elsewhere").path == above


def test_the_home_directory_ends_the_search(above: Path) -> None:
    choice = find_root(above / "home" / "folder", home=above / "home")
    assert (choice.path, choice.has_manifest) == (above / "home" / "folder", False)


@pytest.mark.posix("links need a privilege on Windows")
def test_a_home_that_is_reached_through_a_link_ends_it_too(above: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(above)
    choice = find_root(above / "home" / "folder", home=tmp_path / "link" / "home")
    assert (choice.path, choice.has_manifest) == (above / "home" / "folder", False)
