"""A pylock.toml and what is installed beside it: the lock's versions hold for everything."""

from tests.engines.test_installer_contract import pylock
from tests.support.project_bench import ProjectBench


def lock(bench: ProjectBench, *packages: tuple[str, str]) -> None:
    """Write a pylock.toml of these names and versions, which offers no group."""
    text = pylock(bench.index, *((name, version, "") for name, version in packages))
    bench.write("pylock.toml", text.replace('dependency-groups = ["dev"]\n', ""))


def declare_group(bench: ProjectBench, requirement: str) -> None:
    bench.write("pyproject.toml", f'[dependency-groups]\ndev = ["{requirement}"]\n')


def test_group_takes_the_versions_of_the_lock(bench: ProjectBench) -> None:
    lock(bench, ("beta", "1.0"))
    declare_group(bench, "alpha")

    bench.ok("init")

    assert bench.installed() == {"alpha": "2.0", "beta": "1.0"}


def test_group_that_needs_another_version_than_the_lock_is_told(bench: ProjectBench) -> None:
    bench.index.add("modern", "1.0", requires=["beta>=2"])
    lock(bench, ("beta", "1.0"))
    declare_group(bench, "modern")

    ran = bench.run("init", "--json")

    assert (ran.exit_status, ran.code) == (6, "resolution-failed")
    assert "pylock.toml" in ran.json["problems"][0]["message"]


def test_package_that_is_kept_does_not_replace_what_is_locked(bench: ProjectBench) -> None:
    bench.index.add("modern", "1.0", requires=["beta>=2"])
    lock(bench, ("beta", "2.0"))
    bench.ok("init")
    bench.ok("run", "pip", "install", "--quiet", "modern")
    lock(bench, ("beta", "1.0"))

    ran = bench.run("sync", "--keep-extras", "--json")

    assert (ran.exit_status, ran.code) == (6, "resolution-failed")
