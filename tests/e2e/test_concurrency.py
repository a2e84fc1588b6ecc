"""Several pyve at once: one builds, the others wait and take what it built."""

import subprocess
from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench


def end(processes: "list[subprocess.Popen[str]]") -> list[tuple[int, str, str]]:
    """Exit status, stdout and stderr of each, once all have ended."""
    told = [process.communicate(timeout=120) for process in processes]
    return [(process.returncode, *texts) for process, texts in zip(processes, told, strict=True)]


def test_twenty_inits_build_one_environment(bench: ProjectBench) -> None:
    bench.require("alpha==1.0")

    ended = end([bench.start("init", "--json") for _ in range(20)])

    assert [status for status, _, _ in ended] == [0] * 20, [text for status, *text in ended if status]
    assert len(bench.environments()) == 1
    assert bench.environments() == bench.records()
    assert bench.marks() == []
    assert sum('"action": "build"' in stdout for _, stdout, _ in ended) == 1
    assert bench.ok("run", "alpha").stdout == "alpha 1.0\n"


def test_one_that_waits_says_so(bench: ProjectBench) -> None:
    bench.require("alpha==1.0")

    ended = end([bench.start("init") for _ in range(6)])

    assert any("Waiting for another pyve" in stderr for _, _, stderr in ended)


def test_two_projects_do_not_wait_for_each_other(bench: ProjectBench, tmp_path: Path) -> None:
    benches = [bench, bench.at(tmp_path / "other")]
    for one in benches:
        one.require("alpha==1.0")

    ended = end([one.start("init") for one in benches])

    assert [status for status, _, _ in ended] == [0, 0]
    assert not any("Waiting" in stderr for _, _, stderr in ended)
    assert [one.ok("run", "alpha").stdout for one in benches] == ["alpha 1.0\n"] * 2


def test_forced_ones_each_build_and_one_of_them_is_in_use(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")

    ended = end([bench.start("sync", "--force") for _ in range(4)])

    assert [status for status, _, _ in ended] == [0] * 4
    assert len(bench.environments()) == 5
    assert bench.environments() == bench.records()
    assert bench.in_use().name in bench.environments()
    assert (bench.project / ".venv").resolve() == bench.in_use()


def test_different_declarations_at_once(bench: ProjectBench) -> None:
    bench.write("pyproject.toml", '[project]\nname = "it"\nversion = "1"\ndependencies = ["alpha"]\n'
                '[project.optional-dependencies]\na = ["gamma"]\nb = ["delta"]\n')  # fmt: skip

    ended = end([bench.start("sync", "--extra", extra) for extra in ("a", "b", "a", "b")])

    assert [status for status, _, _ in ended] == [0] * 4, ended
    assert len(bench.environments()) == 2
    assert bench.marks() == []
    assert (bench.project / ".venv").resolve() == bench.in_use()


def test_first_inits_that_all_fail_leave_the_directory_as_it_was(bench: ProjectBench) -> None:
    bench.require("nosuchthing==1.0")

    ended = end([bench.start("init", "--json") for _ in range(6)])

    assert [status for status, _, _ in ended] == [6] * 6, ended
    assert [path.name for path in bench.project.iterdir()] == ["requirements.txt"]
    assert not bench.state.exists()


@pytest.mark.parametrize("turn", range(3))
def test_first_init_that_fails_takes_nothing_from_one_that_succeeds(bench: ProjectBench, turn: int) -> None:
    bench.write("pyproject.toml", '[project]\nname = "it"\nversion = "1"\ndependencies = ["alpha"]\n'
                '[project.optional-dependencies]\nbad = ["nosuchthing"]\n')  # fmt: skip

    ended = end([bench.start("init", *(["--extra", "bad"] if bad else [])) for bad in (True, False, True, False)])

    assert [status for status, _, _ in ended] == [6, 0, 6, 0], ended
    assert bench.ok("run", "alpha").stdout.startswith("alpha ")
    assert bench.environments() == bench.records()


def test_run_while_a_sync_is_at_work(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    bench.require("alpha==2.0")
    process = bench.start("sync")
    outputs = set()
    while process.poll() is None:
        outputs.add(bench.ok("run", "alpha").stdout)
    process.communicate()
    outputs.add(bench.ok("run", "alpha").stdout)

    assert outputs <= {"alpha 1.0\n", "alpha 2.0\n"}
    assert "alpha 2.0\n" in outputs
