"""Worktrees and submodules are projects of their own; a new worktree takes choices over."""

from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench

PROJECT = (
    '[project]\nname = "it"\nversion = "1"\ndependencies = ["alpha==1.0"]\n'
    '[project.optional-dependencies]\nfast = ["gamma"]\n[dependency-groups]\ndocs = ["delta"]\n'
)


@pytest.fixture
def repository(bench: ProjectBench) -> ProjectBench:
    """A repository with one commit, initialised with an extra and a group."""
    bench.git("init", "-q", "-b", "main")
    bench.write("pyproject.toml", PROJECT)
    bench.git("add", ".")
    bench.git("commit", "-qm", "one")
    bench.ok("init", "--extra", "fast", "--group", "docs")
    return bench


@pytest.fixture
def worktree(repository: ProjectBench, tmp_path: Path) -> ProjectBench:
    """A second worktree of it."""
    repository.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "other tree"))
    return repository.at(tmp_path / "other tree")


def test_choices_are_taken_over_and_said(repository: ProjectBench, worktree: ProjectBench) -> None:
    ran = worktree.ok("init")

    assert f"Taken over from {repository.project}" in ran.stderr
    assert worktree.installed() == {"alpha": "1.0", "beta": "2.0", "gamma": "1.0", "delta": "1.0"}
    assert worktree.in_use().is_relative_to(worktree.project)


def test_options_given_win_over_choices_taken_over(worktree: ProjectBench) -> None:
    worktree.ok("init", "--no-extras")

    assert worktree.installed() == {"alpha": "1.0", "beta": "2.0", "delta": "1.0"}


def test_untracked_pin_is_taken_over(repository: ProjectBench, worktree: ProjectBench) -> None:
    version = repository.ok("status", "--json").data["python"].rpartition(".")[0]
    repository.write(".python-version", f"{version}\n")

    ran = worktree.ok("init")

    assert version in ran.stderr
    assert worktree.ok("status", "--json").data["python"].startswith(version)


def test_git_status_is_clean_in_both(repository: ProjectBench, worktree: ProjectBench) -> None:
    worktree.ok("init")

    assert worktree.git("status", "--porcelain") == ""
    assert repository.git("status", "--porcelain") == ""


def test_each_has_its_own_environment(repository: ProjectBench, worktree: ProjectBench) -> None:
    worktree.ok("init")
    worktree.write("pyproject.toml", PROJECT.replace("alpha==1.0", "alpha==2.0"))
    worktree.ok("sync")

    assert worktree.ok("run", "alpha").stdout == "alpha 2.0\n"
    assert repository.ok("run", "alpha").stdout == "alpha 1.0\n"


def test_submodule_is_a_project_of_its_own(repository: ProjectBench, tmp_path: Path) -> None:
    inner = repository.at(tmp_path / "inner")
    inner.git("init", "-q")
    inner.require("gamma")
    inner.git("add", ".")
    inner.git("commit", "-qm", "inner")
    options = ("-c", "protocol.file.allow=always")
    repository.git(*options, "submodule", "--quiet", "add", str(inner.project), "sub")
    module = repository.at(repository.project / "sub")

    data = module.ok("init", "--json").data

    assert data["project"] == str(module.project)
    assert module.installed() == {"gamma": "1.0"}
    assert module.git("status", "--porcelain") == ""
    assert repository.git("status", "--porcelain").split() == ["A", ".gitmodules", "A", "sub"]
