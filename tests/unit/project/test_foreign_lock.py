"""Locks of other tools: which one counts, and what was exported of it."""

from pathlib import Path

import pytest

from pyve.errors import ForeignLockError, GroupUnknownError
from pyve.project.declaration import Declaration, read_declaration
from pyve.project.foreign_lock import ForeignExport, find_foreign_lock, list_pipfile_sources, read_export
from pyve.project.manifests.pyproject_toml import read_pyproject_toml

PROJECT = """[project]
name = "demo"
version = "1"
dependencies = ["alpha[fast]>=1"]
optional-dependencies.plot = ["gamma"]
[dependency-groups]
dev = ["beta[x]"]
"""
POETRY = '[tool.poetry]\nname = "demo"\n[tool.poetry.dependencies]\nalpha = "*"\n'
HASH = f"--hash=sha256:{'0' * 64}"
EXPORTED = f"alpha==1.0 \\\n    {HASH}\nbeta==2.0 ; sys_platform == 'linux' \\\n    {HASH}\n"
LOCK = 'version = 1\n\n[[package]]\nname = "alpha"\n\n[[package]]\nname = "Beta"\n'


def find(root: Path, *names: str, pyproject: str | None = None) -> str | None:
    for name in names:
        (root / name).touch()
    path = root / "pyproject.toml"
    if pyproject is not None:
        path.write_text(pyproject, encoding="utf-8")
    return find_foreign_lock(root, read_pyproject_toml(path, root=root) if pyproject is not None else None)


def declare(root: Path, foreign: ForeignExport | None, *, groups: tuple[str, ...] = ()) -> Declaration:
    (root / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (root / "uv.lock").write_text(LOCK, encoding="utf-8")
    return read_declaration(root, groups=groups, environment={}, foreign=foreign)


@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "pdm.lock"])
def test_lock_beside_pyproject_counts(tmp_path: Path, name: str) -> None:
    assert find(tmp_path, name, pyproject=PROJECT) == name


def test_lock_without_the_file_it_was_made_from_does_not_count(tmp_path: Path) -> None:
    assert find(tmp_path, "uv.lock", "Pipfile.lock") is None


@pytest.mark.parametrize("own", ["pylock.toml", "requirements.txt", "requirements.in"])
def test_files_that_pyve_reads_come_first(tmp_path: Path, own: str) -> None:
    assert find(tmp_path, "uv.lock", own, pyproject=PROJECT) is None


def test_only_poetry_reads_what_only_poetry_declares(tmp_path: Path) -> None:
    assert find(tmp_path, "uv.lock", "poetry.lock", pyproject=POETRY) == "poetry.lock"


def test_lock_of_pipenv_counts_unless_pyproject_declares_a_project(tmp_path: Path) -> None:
    assert find(tmp_path, "Pipfile", "Pipfile.lock", pyproject="[tool.black]\n") == "Pipfile.lock"
    assert find(tmp_path, pyproject=PROJECT) is None


def test_what_was_exported_is_the_lock(tmp_path: Path) -> None:
    declaration = declare(tmp_path, ForeignExport(name="uv.lock", tool="uv", text=EXPORTED))
    assert declaration.source == "uv.lock"
    assert declaration.is_lock
    assert declaration.is_whole
    assert declaration.unexported_lock == ""
    assert declaration.notes == ()
    lines = [one.line for one in declaration.requirements.requirements]
    assert lines == ["alpha==1.0", "beta==2.0 ; sys_platform == 'linux'"]


def test_origin_is_the_line_of_the_lock_itself(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text(LOCK, encoding="utf-8")
    export = ForeignExport(name="uv.lock", tool="uv", text=EXPORTED)
    read = read_export(export, root=tmp_path, environment={})
    assert [one.origin for one in read.requirements] == ["uv.lock:4", "uv.lock:7"]


def test_origin_in_a_lock_of_pipenv_is_its_line(tmp_path: Path) -> None:
    (tmp_path / "Pipfile.lock").write_text('{\n  "default": {\n    "alpha": {\n', encoding="utf-8")
    export = ForeignExport(name="Pipfile.lock", tool="Pipenv", text=f"alpha==1.0 {HASH}\n")
    assert read_export(export, root=tmp_path, environment={}).requirements[0].origin == "Pipfile.lock:3"


def test_lock_that_could_not_be_exported_is_told_and_the_project_declares(tmp_path: Path) -> None:
    declaration = declare(
        tmp_path, ForeignExport(name="uv.lock", tool="uv", problem="uv could not export it (so it is)")
    )
    assert declaration.source == "pyproject.toml"
    assert declaration.unexported_lock == "uv.lock"
    (note,) = declaration.notes
    assert note.startswith("uv.lock is passed over: uv could not export it (so it is). ")
    assert "uv export" in note


def test_lock_that_nobody_was_asked_to_export_is_known(tmp_path: Path) -> None:
    declaration = declare(tmp_path, None)
    assert declaration.source == "pyproject.toml"
    assert declaration.unexported_lock == "uv.lock"
    assert declaration.notes == ()


def test_unknown_group_is_refused_whatever_was_exported(tmp_path: Path) -> None:
    with pytest.raises(GroupUnknownError, match="'lint'"):
        declare(tmp_path, ForeignExport(name="uv.lock", tool="uv", text=EXPORTED), groups=("lint",))


def test_lock_that_alone_declares_and_cannot_be_exported_is_refused_with_the_reason(tmp_path: Path) -> None:
    for name in ("Pipfile", "Pipfile.lock"):
        (tmp_path / name).touch()
    foreign = ForeignExport(name="Pipfile.lock", tool="Pipenv", problem="Pipenv is not installed here")
    with pytest.raises(ForeignLockError, match="and Pipenv is not installed here") as caught:
        read_declaration(tmp_path, environment={}, foreign=foreign)
    assert caught.value.hint == "pipenv requirements > requirements.txt"


@pytest.mark.parametrize("text", ["{", "[]", '{"_meta": {"sources": [1]}}', "\ufeff{}"])
def test_lock_of_pipenv_that_cannot_be_read_names_no_indexes(tmp_path: Path, text: str) -> None:
    (tmp_path / "Pipfile.lock").write_text(text, encoding="utf-8")
    assert list_pipfile_sources(tmp_path) == ()
