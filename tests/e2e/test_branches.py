"""A branch switch is a pointer swap."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench


def test_switching_back_builds_nothing(repository: ProjectBench, index_that_is_gone: dict[str, str]) -> None:
    before = repository.environments()
    repository.git("switch", "-q", "one")

    data = repository.ok("sync", "--json", env=index_that_is_gone).data

    assert data["action"] == "switch"
    assert repository.environments() == before
    assert repository.ok("run", "alpha").stdout == "alpha 1.0\n"
    for link in (repository.project / ".venv", repository.project / ".pyve" / "env"):
        assert str(link.resolve()) == data["environment"]


@pytest.mark.linux("strace")
def test_switching_back_starts_no_installer(
    repository: ProjectBench, need_program: Callable[[str], str], tmp_path: Path
) -> None:
    repository.git("switch", "-q", "one")
    trace = tmp_path / "trace"
    subprocess.run(
        [need_program("strace"), "-f", "-e", "trace=execve", "-o", trace, *repository.command("sync")],
        cwd=repository.project, env=repository.variables(), capture_output=True, check=True,
    )  # fmt: skip

    started = [line.split('"')[1] for line in trace.read_text().splitlines() if '"' in line and line.endswith("= 0")]
    names = [Path(path).name for path in started]
    assert names == ["python"] * len(names), "only pyve's own and the python that is asked whether it runs"
    assert len(names) == 2


def test_run_follows_the_branch_without_a_sync(repository: ProjectBench) -> None:
    repository.git("switch", "-q", "one")
    assert repository.ok("run", "--strict", "alpha").stdout == "alpha 1.0\n"
    repository.git("switch", "-q", "two")
    assert repository.ok("run", "--strict", "alpha").stdout == "alpha 2.0\n"


def test_status_tells_that_the_branch_has_another_environment(repository: ProjectBench) -> None:
    repository.git("switch", "-q", "one")

    ran = repository.run("status", "--json")

    assert ran.exit_status == 1
    assert ran.data["stale"] is True


@pytest.mark.parametrize(
    "text", ["# why\nalpha==1.0\n", "alpha == 1.0\n", "\n\n  alpha==1.0   # here\n", "Alpha==1.0\n", "alpha==1.0"]
)
def test_change_that_says_the_same_keeps_the_environment(bench: ProjectBench, text: str) -> None:
    before = bench.init("alpha==1.0")
    bench.write("requirements.txt", text)

    assert bench.ok("sync", "--json").data["action"] == "keep"
    assert bench.in_use() == before
    assert bench.ok("run", "--strict", "alpha").stderr == ""


def test_order_of_lines_does_not_count(bench: ProjectBench) -> None:
    before = bench.init("alpha==1.0", "gamma==1.0")
    bench.require("gamma==1.0", "alpha==1.0")

    bench.ok("sync")

    assert bench.in_use() == before


def test_included_file_counts(bench: ProjectBench) -> None:
    bench.write("deps/more.txt", "gamma\n-c pins.txt\n")
    bench.write("deps/pins.txt", "beta==1.0\n")
    bench.init("-r deps/more.txt", "alpha==1.0")
    assert bench.installed() == {"alpha": "1.0", "beta": "1.0", "gamma": "1.0"}

    bench.write("deps/pins.txt", "beta==2.0\n")

    assert "deps/pins.txt" in bench.ok("run", "gamma").stderr
    ran = bench.run("status", "--json")
    assert ran.exit_status == 1
    assert [file["name"] for file in ran.data["changed_files"]] == ["deps/pins.txt"]
    bench.ok("sync")
    assert bench.installed()["beta"] == "2.0"


def test_included_file_that_is_gone_is_told(bench: ProjectBench) -> None:
    bench.write("more.txt", "gamma\n")
    before = bench.init("-r more.txt")
    (bench.project / "more.txt").unlink()

    ran = bench.run("sync", "--json")

    assert ran.exit_status == 3
    assert "requirements.txt:1" in ran.json["problems"][0]["message"]
    assert bench.in_use() == before


def test_environment_is_not_lost_by_checking_out_other_files_over_it(repository: ProjectBench) -> None:
    repository.git("switch", "-q", "one")
    repository.git("clean", "-qfd")

    assert repository.ok("run", "--strict", "alpha").stdout == "alpha 1.0\n"


def test_git_clean_of_ignored_files_is_healed(repository: ProjectBench) -> None:
    repository.git("clean", "-qfdx")

    assert repository.run("run", "alpha").exit_status == 125
    data = repository.ok("sync", "--json").data
    assert data["action"] == "build"
    assert repository.ok("run", "alpha").stdout == "alpha 2.0\n"
    assert (repository.project / ".venv").resolve() == repository.in_use()
