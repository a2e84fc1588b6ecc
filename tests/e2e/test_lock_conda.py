"""`pyve lock` of an environment.yml: its platforms by whoever says them first, and what is kept of the lock before."""

from pathlib import Path

import pytest

from tests.support.conda_channel import make_channel
from tests.support.conda_recipes import generic
from tests.support.project_bench import ProjectBench

LINUX, MACOS, WINDOWS = "linux-64", "osx-arm64", "win-64"
OF_YML = f"platforms: [{MACOS}, {LINUX}]\n"


@pytest.fixture
def declared(bench: ProjectBench, tmp_path: Path) -> ProjectBench:
    """An environment.yml of one package for all platforms."""
    channel = make_channel(tmp_path / "channels" / "conda-forge", [generic("plain", "1.0"), generic("plain", "2.0")])
    bench.ok("config", "set", "--user", "conda.mirrors.conda-forge", channel.url)
    bench.declare("plain")
    return bench


def lock(bench: ProjectBench, *arguments: str) -> list[str]:
    """Lock; the platforms of the lock."""
    (report,) = bench.ok("lock", "--json", *arguments).data["locks"]
    return list(report["platforms"])


def test_platforms_of_environment_yml_are_locked(declared: ProjectBench) -> None:
    declared.declare("plain", more=OF_YML)

    assert lock(declared) == [LINUX, MACOS]


def test_option_and_configuration_come_before_environment_yml(declared: ProjectBench) -> None:
    declared.declare("plain", more=OF_YML)
    declared.write("pyve.toml", f'[lock]\nplatforms = ["{WINDOWS}"]\n')

    assert lock(declared) == [WINDOWS]
    assert lock(declared, "--platform", LINUX, "--platform", WINDOWS) == [LINUX, WINDOWS]


def test_environment_yml_comes_before_the_lock_that_is_there(declared: ProjectBench) -> None:
    lock(declared, "--platform", LINUX, "--platform", WINDOWS)
    declared.declare("plain", more=OF_YML)

    check = declared.run("lock", "--check")

    assert check.exit_status == 1
    assert MACOS in check.stdout
    assert lock(declared) == [LINUX, MACOS]
    assert declared.run("lock", "--check").exit_status == 0


def test_platforms_of_the_lock_are_kept_where_nothing_names_others(declared: ProjectBench) -> None:
    lock(declared, "--platform", LINUX, "--platform", WINDOWS)
    declared.declare("plain<2")

    assert lock(declared) == [LINUX, WINDOWS]


def test_hint_of_check_asks_for_what_was_asked_for(declared: ProjectBench) -> None:
    lock(declared, "--platform", LINUX)

    checked = declared.run("lock", "--check", "--platform", LINUX, "--platform", WINDOWS, "--json")

    assert checked.json["problems"][0]["hint"] == f"pyve lock --platform {LINUX} --platform {WINDOWS}"


def test_a_lock_that_cannot_be_read_is_made_anew_and_its_loss_is_told(declared: ProjectBench) -> None:
    lock(declared, "--platform", LINUX, "--platform", WINDOWS)
    file = declared.project / "conda-lock.yml"
    file.write_text("<<<<<<< ours\n" + file.read_text("utf-8") + "=======\n>>>>>>> theirs\n", encoding="utf-8")

    ran = declared.ok("lock")

    assert "conda-lock.yml could not be read: it is made anew, and no version of it is kept." in ran.stderr
    assert "to add others: pyve lock --platform" in ran.stderr
    assert declared.run("lock", "--check").exit_status == 0


def test_a_lock_with_a_damaged_stamp_keeps_its_versions_and_platforms(declared: ProjectBench) -> None:
    declared.declare("plain<2")
    lock(declared, "--platform", LINUX, "--platform", WINDOWS)
    file = declared.project / "conda-lock.yml"
    file.write_text(file.read_text("utf-8").replace("pyve-locker: 'rattler'", "pyve-locker: ''"), encoding="utf-8")
    declared.declare("plain")

    ran = declared.ok("lock", "--json")

    (report,) = ran.data["locks"]
    assert (report["state"], report["changed"]) == ("damaged", {})
    assert report["platforms"] == [LINUX, WINDOWS]


def test_python_of_a_conda_lock_is_not_asked_for_by_option(declared: ProjectBench) -> None:
    ran = declared.run("lock", "--python", "3.12", "--json")

    assert (ran.exit_status, ran.code) == (2, "usage")
    assert "environment.yml says which python" in ran.json["problems"][0]["message"]
    assert not (declared.project / "conda-lock.yml").exists()
