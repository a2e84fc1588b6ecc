"""Other tools write through the .venv link; pyve notices, says so, and heals into a new directory."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from pyve.system.files import is_link
from tests.support.project_bench import ProjectBench

pytestmark = pytest.mark.posix("what other tools do is told in shell lines")

# Each is run in the project with {uv} and {python} filled in.
ATTACKS = {
    "uv pip uninstall": ["{uv}", "pip", "uninstall", "--quiet", "--python", ".venv", "alpha"],
    "uv pip install of another version": [*("{uv}", "pip", "install", "-q", "--python", ".venv"), "alpha==1.0"],
    "pip uninstall": [".venv/bin/python", "-m", "pip", "uninstall", "--quiet", "--yes", "alpha"],
    "uv venv --clear": ["{uv}", "venv", "--quiet", "--clear", ".venv"],
    # through the link itself it ends with an error, having deleted everything
    "python -m venv --clear": ["sh", "-c", "{python} -m venv --clear --without-pip .venv || true"],
    "python -m venv --clear behind the link": [
        *("sh", "-c", '{python} -m venv --clear --without-pip "$(readlink -f .venv)"'),
    ],
    "uv sync": ["{uv}", "sync", "--quiet"],
    "rm -r of its content": ["sh", "-c", "rm -r .venv/*"],
    "rm -r of the directory": ["sh", "-c", "rm -r .pyve/envs/*"],
}


def attack(bench: ProjectBench, words: list[str]) -> None:
    from uv import find_uv_bin

    filled = [word.format(uv=find_uv_bin(), python=sys.executable) for word in words]
    env = bench.variables({"UV_DEFAULT_INDEX": bench.index.file_url})
    finished = subprocess.run(filled, cwd=bench.project, env=env, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


@pytest.fixture
def attacked(bench: ProjectBench, request: pytest.FixtureRequest) -> ProjectBench:
    """A project whose environment with alpha 2.0 another tool has changed; one with alpha 1.0 came before it."""
    bench.init("alpha==1.0")
    bench.require("alpha==2.0")
    if request.param == "uv sync":
        (bench.project / "requirements.txt").unlink()
        bench.write(
            "pyproject.toml",
            '[project]\nname = "it"\nversion = "1"\nrequires-python = ">=3.8"\ndependencies = ["alpha==2.0"]\n'
            '[dependency-groups]\ndev = ["gamma"]\nlater = ["delta"]\n[tool.uv]\ndefault-groups = []\n',
        )
    bench.ok("sync")
    attack(bench, ATTACKS[request.param])
    (bench.project / "uv.lock").unlink(missing_ok=True)  # which would declare the packages from then on
    return bench


all_attacks = pytest.mark.parametrize("attacked", ATTACKS, indirect=True)


@all_attacks
def test_status_and_run_notice(attacked: ProjectBench) -> None:
    told = attacked.run("status", "--json")
    ran = attacked.run("run", "true")

    assert (told.exit_status, told.code) == (1, "environment-damaged")
    assert told.data["damage"]
    assert ran.exit_status == 125 or len(ran.stderr.splitlines()) == 1
    assert "pyve sync" in ran.stderr
    assert attacked.run("run", "--strict", "true").exit_status == 125


@all_attacks
def test_sync_heals_and_says_why(attacked: ProjectBench) -> None:
    data = attacked.ok("sync", "--json").data

    assert data["action"] == "build"
    assert "cannot be used" in data["reason"]
    ran = attacked.ok("run", "alpha")
    assert (ran.stdout, ran.stderr) == ("alpha 2.0\n", "")
    assert (attacked.project / ".venv").resolve() == attacked.in_use()
    assert attacked.ok("status", "--json").data["damage"] is None


@pytest.mark.parametrize("attacked", ["uv pip uninstall", "uv venv --clear"], indirect=True)
def test_environment_before_it_is_never_lost(attacked: ProjectBench) -> None:
    attacked.ok("rollback")

    assert attacked.ok("run", "alpha").stdout == "alpha 1.0\n"


def test_bytecode_and_pip_runs_are_no_change(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    bench.ok("run", "python", "-c", "import alpha, beta, pip")
    bench.ok("run", "pip", "list")
    bench.ok("run", "python", "-m", "compileall", "-q", ".venv/lib")

    assert bench.ok("run", "--strict", "alpha").stderr == ""
    assert bench.ok("sync", "--json").data["action"] == "keep"


def test_package_put_in_by_hand_is_no_damage(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    bench.ok("run", "pip", "install", "--quiet", "gamma")

    assert bench.ok("run", "--strict", "gamma").stderr == ""
    data = bench.ok("status", "--json").data
    assert (data["by_hand"], data["damage"], data["stale"]) == ({"gamma": "1.0"}, None, False)


def test_link_that_was_replaced_by_another_tools_environment_is_theirs(
    bench: ProjectBench, need_program: Callable[[str], str]
) -> None:
    bench.init("alpha==1.0")
    (bench.project / ".venv").unlink()
    attack(bench, ["{uv}", "venv", "--quiet", ".venv"])
    bench.require("alpha==2.0")

    ran = bench.ok("sync")

    assert "--take-venv" in ran.stderr
    assert not is_link(bench.project / ".venv")
    assert bench.ok("run", "alpha").stdout == "alpha 2.0\n"


def test_links_that_are_gone_are_made_again(bench: ProjectBench) -> None:
    directory = bench.init("alpha==1.0")
    (bench.project / ".venv").unlink()
    (bench.project / ".pyve" / "env").unlink()

    bench.ok("sync")

    assert (bench.project / ".venv").resolve() == directory
    assert (bench.project / ".pyve" / "env").resolve() == directory
