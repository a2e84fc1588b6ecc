"""Several pyve at once, on one project or on one cache: one does the work, the others take it or wait."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.conda_channel import LocalChannel, make_channel
from tests.support.conda_recipes import heavy
from tests.support.project_bench import ProjectBench

HEAVY = 6


@pytest.fixture(scope="module")
def heavy_channel(tmp_path_factory: pytest.TempPathFactory) -> LocalChannel:
    """Packages that take a while to fetch and to link."""
    return make_channel(tmp_path_factory.mktemp("heavy") / "heavy", [heavy(number) for number in range(HEAVY)])


def declare_heavy(bench: ProjectBench, channel: LocalChannel) -> None:
    names = [f"heavy-{number}" for number in range(HEAVY)]
    bench.declare("python", "tiny=2.0", *names, channels=("conda-forge", channel.url))


def end(processes: "list[subprocess.Popen[str]]") -> list[tuple[int, str, str]]:
    """Exit status, stdout and stderr of each, once all have ended."""
    told = [process.communicate(timeout=240) for process in processes]
    return [(process.returncode, *texts) for process, texts in zip(processes, told, strict=True)]


def assert_whole(bench: ProjectBench) -> None:
    for number in range(HEAVY):
        files = list((bench.in_use() / "share" / f"heavy-{number}").iterdir())
        assert [file.stat().st_size for file in files] == [100_000] * 60
    assert bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


@pytest.mark.parametrize("number", [2, 6])
def test_inits_of_one_project_build_one_environment(
    conda_bench: ProjectBench, heavy_channel: LocalChannel, cold: dict[str, str], number: int
) -> None:
    declare_heavy(conda_bench, heavy_channel)
    variables = conda_bench.variables(cold)

    ended = end([conda_bench.start("init", "--json", env=variables) for _ in range(number)])

    assert [status for status, _, _ in ended] == [0] * number, ended
    documents = [json.loads(stdout) for _, stdout, _ in ended]
    assert sum(document["data"]["action"] == "build" for document in documents) == 1
    assert len({document["data"]["environment"] for document in documents}) == 1
    assert len(conda_bench.environments()) == 1
    assert conda_bench.environments() == conda_bench.records()
    assert conda_bench.marks() == []
    assert_whole(conda_bench)


def test_one_that_waits_for_the_other_says_so(
    conda_bench: ProjectBench, heavy_channel: LocalChannel, cold: dict[str, str]
) -> None:
    declare_heavy(conda_bench, heavy_channel)
    variables = conda_bench.variables(cold)

    ended = end([conda_bench.start("init", env=variables) for _ in range(4)])

    assert any("Waiting for another pyve that builds the same environment" in stderr for _, _, stderr in ended)


def test_four_projects_at_once_on_one_cold_cache(
    conda_bench: ProjectBench, heavy_channel: LocalChannel, cold: dict[str, str], tmp_path: Path
) -> None:
    benches = [conda_bench.at(tmp_path / f"project {number}") for number in range(4)]
    for bench in benches:
        declare_heavy(bench, heavy_channel)
    variables = conda_bench.variables(cold)

    ended = end([bench.start("init", "--json", env=variables) for bench in benches])

    assert [status for status, _, _ in ended] == [0] * 4, ended
    for bench in benches:
        assert_whole(bench)
        assert bench.marks() == []
        assert bench.environments() == bench.records()


def test_one_that_is_killed_holds_up_nobody(
    conda_bench: ProjectBench, heavy_channel: LocalChannel, cold: dict[str, str], tmp_path: Path
) -> None:
    benches = [conda_bench.at(tmp_path / f"project {number}") for number in range(3)]
    for bench in benches:
        declare_heavy(bench, heavy_channel)
    variables = conda_bench.variables(cold)

    first, *others = [bench.start("init", "--json", env=variables) for bench in benches]
    while not (Path(cold["PYVE_CACHE_DIR"]) / "conda" / "rattler" / "pkgs").exists():  # until one is at work there
        assert first.poll() is None, "it ended without having been at work"
        time.sleep(0.01)
    first.kill()
    first.communicate()
    ended = end(others)

    assert [status for status, _, _ in ended] == [0, 0], ended
    for bench in benches[1:]:
        assert_whole(bench)


def test_one_that_fails_takes_nothing_from_one_that_succeeds(
    conda_bench: ProjectBench, heavy_channel: LocalChannel, cold: dict[str, str], tmp_path: Path
) -> None:
    benches = [conda_bench.at(tmp_path / f"project {number}") for number in range(4)]
    for number, bench in enumerate(benches):
        declare_heavy(bench, heavy_channel)
        if number % 2:
            bench.declare("python", "tiny=2.0", "app-a", "app-b")
    variables = conda_bench.variables(cold)

    ended = end([bench.start("init", "--json", env=variables) for bench in benches])

    assert [status for status, _, _ in ended] == [0, 6, 0, 6], ended
    assert_whole(benches[0])
    assert_whole(benches[2])
    assert [path.name for path in benches[1].project.iterdir()] == ["environment.yml"]


def test_a_command_that_runs_while_a_sync_is_at_work_is_never_left_without(
    conda_bench: ProjectBench, heavy_channel: LocalChannel, cold: dict[str, str]
) -> None:
    conda_bench.declare("python", "tiny=1.1")
    conda_bench.ok("init")
    declare_heavy(conda_bench, heavy_channel)
    process = conda_bench.start("sync", env=conda_bench.variables(cold))
    outputs = set()
    while process.poll() is None:
        outputs.add(conda_bench.ok("run", "tiny-cmd").stdout)
    process.communicate()
    outputs.add(conda_bench.ok("run", "tiny-cmd").stdout)

    assert outputs <= {"tiny 1.1\n", "tiny 2.0\n"}
    assert "tiny 2.0\n" in outputs
