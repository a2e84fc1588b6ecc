"""`pyve list`: the environments of a project and of the machine."""

import os
import shutil
from pathlib import Path

from tests.support.project_bench import ProjectBench


def test_newest_first_with_use(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    first = bench.init("alpha==2.0")
    second = bench.init("gamma")

    listed = bench.ok("list", "--json").data["environments"]

    assert [one["use"] for one in listed] == ["current", "previous", ""]
    assert [one["directory"] for one in listed[:2]] == [str(second), str(first)]
    assert all(one["present"] for one in listed)


def test_all_projects_of_the_machine(bench: ProjectBench, tmp_path: Path) -> None:
    bench.init("gamma")
    other = bench.at(tmp_path / "@other")
    other.init("delta")

    listed = bench.ok("list", "--all", "--json", cwd=tmp_path).data["environments"]

    assert [one["project"] for one in listed] == sorted([str(bench.project), str(other.project)])


def test_project_that_is_gone_is_still_listed(bench: ProjectBench, tmp_path: Path) -> None:
    bench.init("gamma")
    shutil.rmtree(bench.project)

    data = bench.ok("list", "--all", "--json", cwd=tmp_path).data

    assert [one["present"] for one in data["environments"]] == [False]
    assert data["size_bytes"] == 0


def test_last_use_is_that_of_run(bench: ProjectBench) -> None:
    bench.init("gamma")
    (record,) = (bench.state / "records").glob("*.json")
    os.utime(record, (0, 0))
    assert bench.ok("list", "--json").data["environments"][0]["last_used_at"].startswith("1970")

    bench.ok("run", "true")

    assert not bench.ok("list", "--json").data["environments"][0]["last_used_at"].startswith("1970")


def test_without_a_project(bench: ProjectBench) -> None:
    assert bench.run("list", "--json").code == "no-project"
    assert bench.ok("list", "--all", "--json").data["environments"] == []


def test_foreign_directory_is_shown(bench: ProjectBench) -> None:
    bench.init("gamma")
    bench.write(".pyve/envs/somebody/file", "")

    data = bench.ok("list", "--json").data

    assert data["foreign"] == [str(bench.project / ".pyve" / "envs" / "somebody")]
    assert len(data["environments"]) == 1
