"""`pyve rollback`: the environment that was in use before, at no cost."""

import shutil

import pytest

from tests.support.project_bench import ProjectBench


@pytest.fixture
def two(bench: ProjectBench) -> ProjectBench:
    """Alpha 1.0 was in use, alpha 2.0 is."""
    bench.init("alpha==1.0")
    bench.init("alpha==2.0")
    return bench


def alpha(bench: ProjectBench) -> str:
    return bench.ok("run", "alpha").stdout.split()[1]


def test_back_and_forth(two: ProjectBench) -> None:
    before = two.environments()

    two.ok("rollback")
    assert alpha(two) == "1.0"
    assert (two.project / ".venv").resolve() == two.in_use()
    two.ok("rollback")
    assert alpha(two) == "2.0"
    assert two.environments() == before


def test_files_that_ask_for_another_are_told_and_sync_goes_back(two: ProjectBench) -> None:
    ran = two.ok("rollback")

    assert "pyve sync" in ran.stderr
    assert two.run("status", "--json").data["stale"] is True
    assert two.ok("sync", "--json").data["action"] == "switch"
    assert alpha(two) == "2.0"


def test_it_holds_until_a_file_changes(two: ProjectBench) -> None:
    two.ok("rollback")
    two.require("alpha==2.0", "# touched")

    ran = two.ok("run", "alpha")

    assert ran.stdout == "alpha 1.0\n"
    assert "requirements.txt" in ran.stderr


def test_dry_run_changes_nothing(two: ProjectBench) -> None:
    planned = two.ok("rollback", "--dry-run", "--json").data
    assert alpha(two) == "2.0"

    done = two.ok("rollback", "--json").data

    assert {**planned, "dry_run": False} == done


def test_without_a_previous_one(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")

    assert bench.run("rollback", "--json").code == "no-environment"
    assert alpha(bench) == "1.0"


def test_previous_one_that_is_gone_is_not_put_in_use(two: ProjectBench) -> None:
    (previous,) = set(two.environments()) - {two.in_use().name}
    shutil.rmtree(two.project / ".pyve" / "envs" / previous)

    ran = two.run("rollback", "--json")

    assert (ran.exit_status, ran.code) == (4, "no-environment")
    assert alpha(two) == "2.0"


def test_sync_that_keeps_does_not_forget_the_previous_one(two: ProjectBench) -> None:
    two.ok("sync")
    two.ok("sync")

    two.ok("rollback")

    assert alpha(two) == "1.0"
