"""Conda environments where the home cannot be written, and in projects that were moved."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench
from tests.support.small_disk import mount_small_disk
from tests.support.standing_environment import stand


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A directory on a disk that is mounted read-only; not even root writes there."""
    with mount_small_disk(tmp_path / "read-only home") as directory:
        subprocess.run(["mount", "-o", "remount,ro", directory], check=True)
        yield directory


def test_a_home_that_cannot_be_written_is_told(conda_bench: ProjectBench, read_only: Path) -> None:
    conda_bench.declare("python", "tiny")
    unset = {"PYVE_STATE_DIR": None, "PYVE_CACHE_DIR": None}

    refused = conda_bench.run("init", "--json", env={"HOME": str(read_only), **unset})

    (problem,) = refused.json["problems"]
    assert (refused.exit_status, problem["code"]) == (3, "path-not-writable")
    assert str(read_only) in problem["message"]
    assert "PYVE_STATE_DIR" in problem["hint"]
    assert [path.name for path in conda_bench.project.iterdir()] == ["environment.yml"]


def test_a_cache_that_cannot_be_written_is_told(conda_bench: ProjectBench, read_only: Path) -> None:
    standing = stand(conda_bench)
    conda_bench.declare("python", "tiny=2.0")

    refused = standing.refuse(env={"PYVE_CACHE_DIR": str(read_only / "cache")})

    assert (refused.exit_status, refused.code) == (3, "path-not-writable")
    assert str(read_only) in refused.message
    assert "PYVE_CACHE_DIR" in refused.hint


def test_a_home_that_cannot_be_written_is_no_matter_where_all_is_elsewhere(
    conda_bench: ProjectBench, read_only: Path, conda_channel_setting: dict[str, str]
) -> None:
    conda_bench.declare("python", "tiny")

    conda_bench.ok("init", env={"HOME": str(read_only), **conda_channel_setting})

    assert conda_bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


@pytest.fixture
def conda_channel_setting(home: Path) -> dict[str, str]:
    """Where the user's settings are, although HOME is another."""
    return {"XDG_CONFIG_HOME": str(home / ".config")}


def test_a_project_that_was_moved_says_so_and_is_built_anew(conda_bench: ProjectBench, tmp_path: Path) -> None:
    standing = stand(conda_bench)
    moved = conda_bench.at(tmp_path / "moved")
    moved.project.rmdir()
    conda_bench.project.rename(moved.project)

    assert moved.run("run", "tiny-cmd").exit_status == 125
    told = moved.ok("init")

    print(told.stdout, told.stderr)  # noqa: T201
    assert moved.ok("run", "tiny-cmd").stdout == "tiny 1.1\n"
    assert moved.in_use().parent == moved.project / ".pyve" / "envs"
    assert moved.in_use().name != standing.directory.name
    code = "import os; print(os.environ['CONDA_PREFIX'])"
    assert moved.ok("run", "--", "python", "-c", code).stdout.strip() == str(moved.in_use())


def test_a_copy_of_a_project_does_not_use_the_environment_of_the_first(
    conda_bench: ProjectBench, tmp_path: Path
) -> None:
    stand(conda_bench)
    copy = conda_bench.at(tmp_path / "copy")
    subprocess.run(["cp", "-a", f"{conda_bench.project}/.", copy.project], check=True)

    copy.ok("init")

    assert copy.in_use().parent == copy.project / ".pyve" / "envs"
    assert conda_bench.in_use().parent == conda_bench.project / ".pyve" / "envs"
    assert copy.ok("run", "tiny-cmd").stdout == "tiny 1.1\n"
