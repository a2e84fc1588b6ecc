"""A manifest that cannot be read is named, with the reason and something to type."""

import os
import shlex
import sys
from pathlib import Path

import pytest

from pyve.errors import ManifestUnreadableError
from pyve.project.manifest import has_manifest, read_manifest_bytes


def test_the_raw_bytes_are_read(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_bytes(b"a\r\n\xff")
    assert read_manifest_bytes(tmp_path / "requirements.txt") == b"a\r\n\xff"


def test_a_directory_in_place_of_a_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").mkdir()
    with pytest.raises(ManifestUnreadableError, match=r"requirements\.txt cannot be read: it is a directory") as caught:
        read_manifest_bytes(tmp_path / "requirements.txt")
    assert caught.value.hint


def test_a_dangling_link_in_place_of_a_manifest_is_there_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pylock.toml"
    path.symlink_to("nowhere.toml")
    assert has_manifest(path)
    with pytest.raises(ManifestUnreadableError, match="a link to a file that is not there"):
        read_manifest_bytes(path)


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes and modes are of POSIX")
def test_a_named_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pyproject.toml")
    with pytest.raises(ManifestUnreadableError, match="not a regular file"):
        read_manifest_bytes(tmp_path / "pyproject.toml")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_manifest_without_read_permission_is_named(tmp_path: Path) -> None:
    path = tmp_path / "setup.py"
    path.touch(mode=0o000)
    with pytest.raises(ManifestUnreadableError, match="permission denied"):
        read_manifest_bytes(path)


def test_the_hint_can_be_typed_whatever_the_path_holds(tmp_path: Path) -> None:
    root = tmp_path / "a $(touch b) 'c"
    (root / "requirements.txt").mkdir(parents=True)
    with pytest.raises(ManifestUnreadableError) as caught:
        read_manifest_bytes(root / "requirements.txt")
    assert shlex.split(str(caught.value.hint))[-1] == str(root / "requirements.txt")
