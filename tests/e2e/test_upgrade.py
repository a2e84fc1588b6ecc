"""`pyve upgrade`: locks and environment go forward together, and back."""

import os

import pytest

from tests.support.project_bench import ProjectBench


def lock_and_build(bench: ProjectBench) -> None:
    """Alpha 2.0 and beta 2.0, locked and installed; then newer ones come out."""
    bench.write("requirements.in", "alpha\n")
    bench.ok("lock")
    bench.ok("init")
    bench.index.add("alpha", "3.0", requires=["beta"])
    bench.index.add("beta", "3.0")


def read_lock(bench: ProjectBench) -> str:
    return (bench.project / "requirements.txt").read_text(encoding="utf-8")


def test_upgrade_brings_lock_and_environment_forward_and_rollback_goes_back(bench: ProjectBench) -> None:
    lock_and_build(bench)
    ran = bench.ok("upgrade")
    after = bench.installed()
    bench.ok("rollback")

    assert "alpha 2.0 -> 3.0" in ran.stdout
    assert "pyve rollback" in ran.stdout
    assert after == {"alpha": "3.0", "beta": "3.0"}
    assert "alpha==3.0" in read_lock(bench)
    assert bench.installed() == {"alpha": "2.0", "beta": "2.0"}


def test_upgrade_of_one_package_leaves_the_others(bench: ProjectBench) -> None:
    lock_and_build(bench)
    bench.ok("upgrade", "beta")

    assert bench.installed() == {"alpha": "2.0", "beta": "3.0"}


def test_dry_run_shows_the_locks_and_changes_nothing(bench: ProjectBench) -> None:
    lock_and_build(bench)
    before = read_lock(bench)
    ran = bench.ok("upgrade", "--dry-run", "--json")

    assert ran.data["locks"]["locks"][0]["changed"] == {"alpha": "2.0 -> 3.0", "beta": "2.0 -> 3.0"}
    assert ran.data["sync"] is None
    assert read_lock(bench) == before
    assert len(bench.environments()) == 1


def test_lock_is_put_back_where_the_environment_cannot_be_built(bench: ProjectBench) -> None:
    lock_and_build(bench)
    bench.index.add_broken_sdist("alpha", "4.0")
    before, environment = read_lock(bench), bench.in_use()
    ran = bench.run("upgrade", "--json")

    assert ran.exit_status == 6
    assert read_lock(bench) == before
    assert bench.in_use() == environment
    assert sorted(os.listdir(bench.project / ".pyve" / "envs")) == [environment.name]


def test_upgrade_without_locks_resolves_anew(bench: ProjectBench) -> None:
    bench.init("alpha")
    bench.index.add("alpha", "3.0", requires=["beta"])
    ran = bench.ok("upgrade", "--json")

    assert ran.data["locks"] is None
    assert bench.installed()["alpha"] == "3.0"
    assert not (bench.project / "pylock.toml").exists()


@pytest.mark.parametrize("command", [("upgrade", "--dry-run", "betta"), ("lock", "--upgrade-package", "betta")])
def test_a_name_that_no_lock_holds_is_a_usage_error(bench: ProjectBench, command: tuple[str, ...]) -> None:
    lock_and_build(bench)
    before = read_lock(bench)
    ran = bench.run(*command, "--json")

    assert (ran.exit_status, ran.code) == (2, "usage")
    assert ran.json["problems"][0]["hint"] == "did you mean: beta"
    assert read_lock(bench) == before


@pytest.mark.parametrize("arguments", [("alpha",), ("--exclude-newer", "2026-11-01"), ("--locker", "uv")])
def test_what_only_a_lock_can_grant_is_refused_without_one(bench: ProjectBench, arguments: tuple[str, ...]) -> None:
    environment = bench.init("alpha")
    ran = bench.run("upgrade", *arguments, "--json")

    assert (ran.exit_status, ran.code) == (2, "usage")
    assert "Nothing is locked here" in ran.json["problems"][0]["message"]
    assert bench.in_use() == environment
