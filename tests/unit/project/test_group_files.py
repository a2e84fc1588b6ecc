"""Groups that are requirements files by their name, alone and beside other locks."""

from pathlib import Path

import pytest

from pyve.errors import GroupUnknownError
from pyve.project.declaration import Declaration, read_declaration

PIN = "{} --hash=sha256:" + "a" * 64 + "\n"
GROUPS = '[dependency-groups]\ndocs = ["mkdocs"]\n'
LOCK = """\
lock-version = "1.0"
created-by = "x"
dependency-groups = ["dev"]
[[packages]]
name = "pytest"
version = "8.1"
marker = "'dev' in dependency_groups"
wheels = [{url = "https://f.example/pytest-8.1-py3-none-any.whl", hashes = {sha256 = "aa"}}]
"""


def write(root: Path, **files: str) -> None:
    """Write files; `__` in a name stands for a dot, `_` for a dash."""
    for name, text in files.items():
        (root / name.replace("__", ".").replace("_", "-")).write_text(text, encoding="utf-8")


def read(root: Path, *groups: str, dev: bool = True) -> Declaration:
    return read_declaration(root, groups=groups, include_dev=dev, environment={})


def lines(declaration: Declaration) -> list[str]:
    return [one.line for one in declaration.requirements.requirements]


def test_locked_file_is_the_group_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, requirements__txt=PIN.format("a==1"), requirements_docs__txt=PIN.format("mkdocs==1"))
    declaration = read(tmp_path, "Docs")
    assert lines(declaration) == ["a==1", "mkdocs==1"]
    assert declaration.is_lock
    assert declaration.groups == ("docs",)


def test_file_that_is_not_asked_for_is_not_in(tmp_path: Path) -> None:
    write(tmp_path, requirements__txt=PIN.format("a==1"), requirements_docs__txt="not ! read\n")
    assert lines(read(tmp_path)) == ["a==1"]


def test_lock_comes_before_what_it_is_made_from(tmp_path: Path) -> None:
    write(tmp_path, requirements__in="a\n", requirements_docs__in="mkdocs\n")
    assert lines(read(tmp_path, "docs")) == ["a", "mkdocs"]
    write(tmp_path, requirements_docs__txt=PIN.format("mkdocs==1"))
    assert lines(read(tmp_path, "docs")) == ["a", "mkdocs==1"]


def test_group_of_pyproject_comes_before_a_file(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml=GROUPS, requirements_docs__txt="sphinx\n", requirements__txt="a\n")
    assert lines(read(tmp_path, "docs")) == ["a", "mkdocs"]


def test_development_file_can_be_asked_for_by_name(tmp_path: Path) -> None:
    write(tmp_path, requirements__txt="a\n", requirements_dev__txt="pytest\n")
    assert lines(read(tmp_path, dev=False)) == ["a"]
    assert lines(read(tmp_path, "dev", dev=False)) == ["a", "pytest"]
    assert lines(read(tmp_path, "dev")) == ["a", "pytest"]


def test_unknown_group_is_told_with_those_of_files(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml=GROUPS, requirements__txt="a\n", requirements_lint__in="ruff\n")
    with pytest.raises(GroupUnknownError) as near:
        read(tmp_path, "lnt")
    assert near.value.hint == "did you mean: --group lint"
    with pytest.raises(GroupUnknownError) as far:
        read(tmp_path, "something")
    assert far.value.hint == "declared are: docs, lint"


def test_both_files_of_a_group_are_watched_though_one_is_absent(tmp_path: Path) -> None:
    write(tmp_path, requirements__txt="a\n", requirements_lint__in="ruff\n")
    watched = {path.name for path in read(tmp_path, "lint").files}
    assert watched == {"requirements.txt", "requirements-lint.in", "requirements-lint.txt"}


def test_development_file_that_a_pylock_holds_as_a_group_is_not_read_too(tmp_path: Path) -> None:
    write(tmp_path, pylock__toml=LOCK, requirements__txt="a\n", requirements_dev__txt="pytest>=8\n")
    declaration = read(tmp_path)
    assert declaration.lock_groups == ("dev",)
    assert lines(declaration) == []
