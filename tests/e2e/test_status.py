"""`pyve status`: what there is, why, and whether it is still what the files ask for."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.engines.test_installer_contract import pylock
from tests.support.project_bench import ProjectBench


def test_fresh_environment_is_up_to_date(bench: ProjectBench) -> None:
    directory = bench.init("alpha==1.0")

    ran = bench.ok("status", "--json")

    data = ran.data
    assert (data["stale"], data["damage"], data["changed_files"], data["by_hand"]) == (False, None, [], {})
    assert data["environment"] == str(directory)
    assert data["source"] == "requirements.txt"
    assert data["backend"] == "venv"
    assert data["packages"] == 3
    assert data["size_bytes"] > 0


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
@pytest.mark.parametrize("columns", [80, 50])
def test_text_fits_the_terminal(bench: ProjectBench, columns: int) -> None:
    pexpect = pytest.importorskip("pexpect")
    bench.init("alpha==1.0")

    command = bench.command("status", "--no-color")
    shown = pexpect.run(
        " ".join(command), cwd=str(bench.project), env={**bench.variables(), "TERM": "xterm"},
        dimensions=(40, columns), encoding="utf-8",
    )  # fmt: skip

    lines = [line.rstrip() for line in shown.splitlines()]
    assert max(map(len, lines)) <= columns
    assert lines[-1].split() == ["state", "up", "to", "date"]


def test_text_that_is_piped_is_not_folded_or_coloured(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")

    ran = bench.ok("status", env={"COLUMNS": "40"})

    assert any(line.endswith(str(bench.project)) for line in ran.stdout.splitlines())
    assert "\x1b" not in ran.stdout


def test_project_before_its_first_environment(bench: ProjectBench) -> None:
    bench.require("gamma")

    ran = bench.run("status", "--json")

    assert (ran.exit_status, ran.code) == (4, "no-project")


def test_what_changed_is_named(bench: ProjectBench) -> None:
    bench.init("alpha==1.0", "gamma")
    bench.require("alpha==2.0", "gamma")
    bench.write("requirements-dev.txt", "delta\n")

    ran = bench.run("status", "--json")

    assert ran.exit_status == 1
    assert ran.data["stale"] is True
    assert {(file["name"], file["how"]) for file in ran.data["changed_files"]} == {
        ("requirements.txt", "edited"),
        ("requirements-dev.txt", "new"),
    }
    assert ran.data["declared_since"] == ["alpha==2.0", "delta"]
    assert ran.data["no_longer_declared"] == ["alpha==1.0"]


def test_file_that_is_gone_is_named(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    (bench.project / "requirements.txt").unlink()

    changed = bench.run("status", "--json").data["changed_files"]

    assert changed == [{"name": "requirements.txt", "how": "gone"}]


def test_other_environment_of_this_shell_is_said(bench: ProjectBench, tmp_path: Path) -> None:
    bench.init("gamma")

    data = bench.ok("status", "--json", env={"VIRTUAL_ENV": str(tmp_path)}).data

    assert data["shell_environment"] == str(tmp_path)


def test_shell_without_a_hook_is_said(bench: ProjectBench) -> None:
    bench.init("gamma")
    assert bench.ok("status", "--json", env={"_PYVE_HOOK": None}).data["activation"] == "no-hook"
    assert "pyve hook --install" in bench.ok("status", env={"_PYVE_HOOK": None}).stdout


def test_shell_that_has_entered_the_project_is_told_from_one_that_has_not(bench: ProjectBench) -> None:
    bench.init("gamma")
    hook = {"_PYVE_HOOK": f"bash:{os.getpid()}"}  # this process starts pyve, as the shell would
    assert bench.ok("status", "--json", env=hook).data["activation"] == "inactive"
    entered = {**hook, "_PYVE_ROOT": str(bench.project)}
    assert bench.ok("status", "--json", env=entered).data["activation"] == "active"


@pytest.mark.posix("the number of the shell's process")
def test_the_hook_of_a_shell_above_is_not_taken_for_this_ones(bench: ProjectBench) -> None:
    bench.init("gamma")
    hook = {"_PYVE_HOOK": "bash:1"}
    assert bench.ok("status", "--json", env=hook).data["activation"] == "hook-above"
    shown = bench.ok("status", env=hook).stdout
    assert "above" in shown
    assert "by hand" not in shown


@pytest.mark.parametrize("gone", ["directory", "python"])
def test_an_environment_that_cannot_be_entered_is_said_once(bench: ProjectBench, gone: str) -> None:
    directory = bench.init("gamma")
    if gone == "directory":
        shutil.rmtree(directory)
    else:
        next(path for path in directory.rglob("python*") if path.name in ("python", "python.exe")).unlink()
    hook = {"_PYVE_HOOK": f"bash:{os.getpid()}"}
    shown = bench.run("status", env=hook).stdout
    assert "damaged" in shown
    assert "on cd" not in shown


def test_size_is_that_of_the_build_until_it_is_measured_anew(bench: ProjectBench) -> None:
    directory = bench.init("gamma")
    before = bench.ok("status", "--json").data["size_bytes"]
    (directory / "big").write_bytes(os.urandom(3_000_000))

    assert bench.ok("status", "--json").data["size_bytes"] == before
    assert bench.ok("status", "--sizes", "--json").data["size_bytes"] - before >= 3_000_000


def test_locked_or_not(bench: ProjectBench) -> None:
    bench.init("gamma")
    assert bench.ok("status", "--json").data["locked"] is False


def test_previous_environment_is_named(bench: ProjectBench) -> None:
    first = bench.init("alpha==1.0")
    bench.init("alpha==2.0")

    assert bench.ok("status", "--json").data["previous"] == str(first)


def test_credentials_never_show(bench: ProjectBench) -> None:
    with bench.index.serve() as url:
        secret = url.replace("http://", "http://someone:hunter2@")
        bench.require(f"--index-url {secret}", "alpha==1.0")
        texts = [bench.ok("init").stdout, bench.ok("status").stdout, bench.ok("status", "--json").stdout]
    texts += [path.read_text("utf-8", "replace") for path in bench.state.rglob("*") if path.is_file()]
    texts += [path.read_text() for path in bench.in_use().glob("pyve-record.json")]

    assert not [text for text in texts if "hunter2" in text]


def write_lock(bench: ProjectBench, *packages: tuple[str, str]) -> None:
    """Write a pylock.toml of these names and versions, which offers no group."""
    text = pylock(bench.index, *((name, version, "") for name, version in packages))
    bench.write("pylock.toml", text.replace('dependency-groups = ["dev"]\n', ""))


def test_group_beside_the_lock_is_not_called_locked(bench: ProjectBench) -> None:
    write_lock(bench, ("gamma", "1.0"))
    bench.ok("init")
    assert bench.ok("status", "--json").data["unlocked"] == []

    bench.write("pyproject.toml", '[dependency-groups]\ndev = ["delta"]\n')
    assert bench.ok("sync", "--json").data["unlocked"] == ["group dev"]
    assert "locked, but not group dev" in bench.ok("status").stdout


def test_lock_that_does_not_hold_what_the_project_asks_for_is_told(bench: ProjectBench) -> None:
    write_lock(bench, ("beta", "1.0"))
    bench.write("pyproject.toml", '[project]\nname = "it"\nversion = "1"\ndependencies = ["beta>=2", "gamma"]\n')

    told = "pylock.toml is out of date: "
    assert told in bench.ok("init").stderr
    assert told in bench.ok("sync").stderr
    status = bench.run("status", "--json")
    assert status.exit_status == 1
    assert "gamma" in status.data["stale_lock"]
    assert "beta" in status.data["stale_lock"]


def test_lock_that_holds_what_the_project_asks_for_is_not_told(bench: ProjectBench) -> None:
    write_lock(bench, ("beta", "1.0"))
    dependencies = 'dependencies = ["beta<2", "gamma; python_version < \'3\'"]'
    bench.write("pyproject.toml", f'[project]\nname = "it"\nversion = "1"\n{dependencies}\n')
    bench.ok("init")

    assert bench.ok("status").stderr == ""
