import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from pyve.project.locking.python_range import admits, list_minors

BOUNDS = st.builds(
    lambda operator, major, minor, patch: f"{operator}{major}.{minor}{patch}",
    st.sampled_from([">=", "<=", ">", "<", "==", "!=", "~="]),
    st.sampled_from([2, 3, 4]),
    st.integers(min_value=7, max_value=14),
    st.sampled_from(["", ".0", ".4"]),
) | st.sampled_from(["==3.*", "==3.12.*", "!=3.11.*", "==3.11.4", ">=3", "<4"])


@given(bounds=st.lists(BOUNDS, max_size=3), minor=st.integers(7, 14), patch=st.sampled_from([0, 1, 3, 4, 5, 20]))
def test_whole_versions_are_admitted_as_packaging_does(bounds: list[str], minor: int, patch: int) -> None:
    specifier, version = ",".join(bounds), f"3.{minor}.{patch}"
    assert admits(specifier, version) == SpecifierSet(specifier).contains(version)


@pytest.mark.parametrize(
    ("specifier", "version", "is_admitted"),
    [
        (">=3.11.4", "3.11", True),
        ("<3.12", "3.12", False),
        ("<3.12.1", "3.12", True),
        (">3.12", "3.12", True),
        ("==3.12.*", "3.12", True),
        ("!=3.12.*", "3.12", False),
        ("!=3.12.1", "3.12", True),
        ("==3.12.3", "3.12", True),
        ("~=3.11.2", "3.11", True),
        ("~=3.11.2", "3.12", False),
        ("", "3.12", True),
        (">= 3.9 , < 4", "3.12", True),
        ("===3.12.1", "3.12.1", True),
        ("nonsense", "3.12", True),
        (">=3.12", "3.13.0rc1", True),
        ("<3.12", "3.13.0rc1", False),
    ],
)
def test_minor_version_is_admitted_where_any_of_it_is(specifier: str, version: str, is_admitted: bool) -> None:
    assert admits(specifier, version) is is_admitted


def test_minor_versions_of_a_range_are_listed() -> None:
    assert list_minors(">=3.11,<3.14") == ("3.11", "3.12", "3.13")
