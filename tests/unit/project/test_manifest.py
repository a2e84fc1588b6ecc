"""Manifests are listed in a stable order, by their raw bytes, and unreadable ones are named."""

import hashlib
import os
import sys
from pathlib import Path

import pytest

from pyve.errors import ManifestUnreadableError
from pyve.project.manifest import WATCHED_NAMES, list_manifests


def test_no_manifests_in_an_empty_directory(tmp_path: Path) -> None:
    assert list_manifests(tmp_path) == ()


def test_manifests_are_listed_in_the_order_of_the_watched_names(tmp_path: Path) -> None:
    for name in ("uv.lock", "requirements.txt", "pyproject.toml", "environment.yaml", "README.md"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    names = [manifest.path.name for manifest in list_manifests(tmp_path)]
    assert names == ["pyproject.toml", "requirements.txt", "environment.yaml", "uv.lock"]
    assert names == [name for name in WATCHED_NAMES if name in names]


def test_digest_is_of_the_raw_bytes(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_bytes(b"a\r\n\xff")
    (manifest,) = list_manifests(tmp_path)
    assert manifest.digest == hashlib.sha256(b"a\r\n\xff").hexdigest()
    assert manifest.kind == "requirements"


def test_a_directory_in_place_of_a_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").mkdir()
    with pytest.raises(ManifestUnreadableError, match=r"requirements\.txt cannot be read: it is a directory") as caught:
        list_manifests(tmp_path)
    assert caught.value.hint


def test_a_dangling_link_in_place_of_a_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "pylock.toml").symlink_to("nowhere.toml")
    with pytest.raises(ManifestUnreadableError, match="a link to a file that is not there"):
        list_manifests(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes and modes are of POSIX")
def test_a_named_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pyproject.toml")
    with pytest.raises(ManifestUnreadableError, match="not a regular file"):
        list_manifests(tmp_path)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_manifest_without_read_permission_is_named(tmp_path: Path) -> None:
    path = tmp_path / "setup.py"
    path.touch(mode=0o000)
    with pytest.raises(ManifestUnreadableError, match="permission denied"):
        list_manifests(tmp_path)
