"""Local paths count by what an installer would read there."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyve.errors import ManifestUnreadableError
from pyve.project.local_content import digest_local_path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    package = tmp_path / "library"
    (package / "src").mkdir(parents=True)
    (package / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (package / "src" / "module.py").write_text("a = 1\n", encoding="utf-8")
    return package


def write(path: Path, text: str = "changed") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        ".git/HEAD",
        "src/__pycache__/module.pyc",
        ".pyve/envs/x/python",
        ".venv/bin/python",
        "library.egg-info/PKG-INFO",
        "build/lib/module.py",
        "dist/library-1.whl",
        "src/module.pyc",
    ],
)
def test_what_builds_and_caches_leave_does_not_count(tree: Path, name: str) -> None:
    before = digest_local_path(tree, editable=False)
    write(tree / name)
    assert digest_local_path(tree, editable=False) == before


def test_a_virtual_environment_of_any_name_does_not_count(tree: Path) -> None:
    before = digest_local_path(tree, editable=False)
    write(tree / "my env" / "pyvenv.cfg")
    write(tree / "my env" / "lib" / "x.py")
    assert digest_local_path(tree, editable=False) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: write(tree / "src" / "module.py"),
        lambda tree: write(tree / "src" / "other.py"),
        lambda tree: (tree / "src" / "module.py").unlink(),
        lambda tree: (tree / "src" / "module.py").rename(tree / "src" / "renamed.py"),
        lambda tree: write(tree / "build" / "__init__.py"),
    ],
    ids=["edited", "added", "removed", "renamed", "a package called build"],
)
def test_every_source_file_of_a_tree_counts(tree: Path, change: Callable[[Path], object]) -> None:
    before = digest_local_path(tree, editable=False)
    change(tree)
    assert digest_local_path(tree, editable=False) != before


def test_only_build_inputs_count_when_editable(tree: Path) -> None:
    before = digest_local_path(tree, editable=True)
    write(tree / "src" / "module.py")
    assert digest_local_path(tree, editable=True) == before
    write(tree / "setup.cfg")
    assert digest_local_path(tree, editable=True) != before


def test_a_wheel_counts_by_its_bytes(tmp_path: Path) -> None:
    write(tmp_path / "a-1-py3-none-any.whl", "one")
    write(tmp_path / "b" / "a-1-py3-none-any.whl", "one")
    one = digest_local_path(tmp_path / "a-1-py3-none-any.whl", editable=False)
    assert one == digest_local_path(tmp_path / "b" / "a-1-py3-none-any.whl", editable=False)
    write(tmp_path / "a-1-py3-none-any.whl", "two")
    assert digest_local_path(tmp_path / "a-1-py3-none-any.whl", editable=False) != one


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_not_followed_out_of_the_tree_or_in_circles(tree: Path) -> None:
    (tree / "circle").symlink_to(tree)
    (tree / "dangling").symlink_to("nowhere")
    before = digest_local_path(tree, editable=False)
    (tree / "circle").unlink()
    (tree / "circle").symlink_to(tree / "src")
    assert digest_local_path(tree, editable=False) != before


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestUnreadableError, match=r"gone\.whl cannot be read: there is no such file"):
        digest_local_path(tmp_path / "gone.whl", editable=False)


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are of POSIX")
def test_a_named_pipe_is_not_waited_for(tree: Path) -> None:
    before = digest_local_path(tree, editable=False)
    os.mkfifo(tree / "pipe")
    assert digest_local_path(tree, editable=False) == before
