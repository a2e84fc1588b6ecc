"""The form in which `run` reads what is in use, and where it lies."""

import contextlib
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyve.environments.current import (
    FORMAT,
    decode,
    encode,
    find_project_of,
    find_registered_root,
    mirror,
    read_fields,
    require_private,
    stat_signature,
)
from pyve.environments.state import registered_projects, state_of_project
from pyve.errors import OwnerMismatchError, StateDamagedError, StateTooNewError

if sys.platform == "win32":  # where names are text
    texts = st.text(st.characters(blacklist_characters="\0"), max_size=40)
else:
    texts = st.binary(max_size=40).map(lambda data: os.fsdecode(data.replace(b"\0", b"")))
keys = st.text(st.characters(whitelist_categories=["Ll"]), min_size=1, max_size=8)


@given(st.lists(st.tuples(keys, texts)))
def test_fields_come_back_as_they_were(fields: list[tuple[str, str]]) -> None:
    assert decode(encode(fields), path="current") == fields


@given(st.binary(max_size=60))
def test_other_bytes_are_damage_or_fields_and_nothing_else(content: bytes) -> None:
    with contextlib.suppress(StateDamagedError, StateTooNewError):
        assert all(isinstance(value, str) for _, value in decode(content, path="current"))


@given(st.lists(st.tuples(keys, texts), min_size=1), st.data())
def test_torn_file_is_damage(fields: list[tuple[str, str]], data: st.DataObject) -> None:
    whole = encode(fields)
    torn = whole[: data.draw(st.integers(0, len(whole) - 1))]
    if torn.endswith(b"\0"):
        return  # cut between two fields: atomic replacement is what keeps this from happening

    with pytest.raises(StateDamagedError):
        decode(torn, path="current")


def test_newer_format_is_left_alone() -> None:
    with pytest.raises(StateTooNewError):
        decode(f"format={FORMAT + 1}\0".encode(), path="current")


def test_absent_file_has_no_fields(tmp_path: Path) -> None:
    assert read_fields(str(tmp_path / "current")) is None


names = st.text(st.characters(blacklist_characters="/\\\0:", blacklist_categories=["Cs"]), min_size=1, max_size=12)
paths = st.lists(names.filter(lambda name: name not in (".", "..")), min_size=1, max_size=4)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX paths")
@given(paths, paths)
def test_two_projects_never_share_a_state(one: list[str], other: list[str]) -> None:
    first, second = (state_of_project("/state", Path("/", *parts)).directory for parts in (one, other))
    assert (first == second) == (one == other)
    assert not (first != second and second.is_relative_to(first))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX paths")
def test_registered_projects_are_found_by_the_paths_they_have(tmp_path: Path) -> None:
    roots = [Path("/"), Path("/a"), Path("/a/@state"), Path("/a/@@x/b c"), Path("/a/b")]
    for root in roots:
        state_of_project(str(tmp_path), root).register()

    assert sorted(state.root for state in registered_projects(str(tmp_path))) == sorted(roots)


@pytest.mark.skipif(sys.platform != "win32", reason="drives and shares are of Windows")
def test_projects_on_drives_and_shares_are_found_by_the_paths_they_have(tmp_path: Path) -> None:
    roots = [
        Path(text) for text in ("C:\\", "C:\\a", "D:\\a\\@state", "\\\\server\\share\\a", "\\\\server\\other\\b c")
    ]
    for root in roots:
        state_of_project(str(tmp_path), root).register()

    assert sorted(state.root for state in registered_projects(str(tmp_path))) == sorted(roots)


def test_nearest_registered_ancestor_is_the_root(tmp_path: Path) -> None:
    state, outer = str(tmp_path / "state"), tmp_path / "outer"
    inner = outer / "inner"
    (inner / "deep").mkdir(parents=True)
    state_of_project(state, outer).register()
    assert find_registered_root(state, str(inner / "deep")) == str(outer)

    state_of_project(state, inner).register()

    assert find_registered_root(state, str(inner / "deep")) == str(inner)
    assert find_registered_root(state, str(tmp_path)) is None


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege")
def test_project_behind_a_link_is_found(tmp_path: Path) -> None:
    state, real = str(tmp_path / "state"), tmp_path / "real"
    real.mkdir()
    state_of_project(state, real).register()
    (tmp_path / "link").symlink_to(real)

    assert find_project_of(state, str(tmp_path / "link")) == str(real)


def test_state_folder_of_a_project_is_no_project(tmp_path: Path) -> None:
    assert mirror("state", os.path.join(os.sep, "@state")).endswith("@@state")


def test_signature_tells_a_rewrite_and_an_absence(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert stat_signature(str(path)) == "-"
    path.write_text("one")
    before = stat_signature(str(path))
    (tmp_path / "new").write_text("two")
    (tmp_path / "new").replace(path)

    assert stat_signature(str(path)) != before


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_directory_that_others_may_write_to_is_not_believed(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    with pytest.raises(OwnerMismatchError):
        require_private(str(tmp_path))
    tmp_path.chmod(0o755)
    require_private(str(tmp_path))
