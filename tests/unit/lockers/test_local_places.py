"""Places on this machine, as URLs and paths name them."""

from pathlib import Path

import pytest

from pyve.lockers.heading import declared_lines
from pyve.lockers.local_places import find_path, is_local, show_inside
from pyve.project.requirement import IndexOptions


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("file:///C:/some%20wheels/a.whl", "C:/some wheels/a.whl"),
        ("file://server/share/a.whl", "//server/share/a.whl"),
        ("file://localhost/C:/a.whl", "C:/a.whl"),
    ],
)
def test_drives_and_shares_of_windows_keep_their_names(place: str, expected: str) -> None:
    assert find_path(place, Path()).as_posix().endswith(expected)


def test_a_url_of_this_machine_leads_to_its_path(project: Path) -> None:
    assert find_path((project / "a.whl").as_uri(), Path()) == project / "a.whl"
    assert show_inside(find_path("./b/../wheels", project), project) == "wheels"


@pytest.mark.parametrize(
    ("place", "expected"),
    [("C:/wheels", True), (r"C:\wheels", True), ("file:///wheels", True), ("./wheels", True), ("https://a", False)],
)
def test_what_is_local_is_told_from_a_url(place: str, *, expected: bool) -> None:
    assert is_local(place) is expected


def test_a_declared_place_outside_of_the_project_stays_as_declared(project: Path) -> None:
    outside = str(project.parent / "..wheels")
    assert declared_lines(IndexOptions(find_links=(outside,)), project) == (f"--find-links {outside}",)
