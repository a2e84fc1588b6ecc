"""Locks of other tools: sync installs exactly what they hold, through the exporters of those tools."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyve.engines.installer_choice import find_uv
from tests.support.foreign_locks import FOREIGN_TOOLS, ForeignTool, Locked, install_tool, write_pdm, write_uv
from tests.support.project_bench import ProjectBench, Ran


@pytest.fixture(scope="session")
def tool_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The directory that a tool's program lies in, installed when the first test asks for it."""
    folder, found = tmp_path_factory.mktemp("tools"), dict[str, str]()

    def find(program: str) -> str:
        uv, problem = find_uv(os.environ)
        assert uv is not None, problem
        if program not in found:
            found[program] = str(install_tool(program, folder, uv=uv, python=Path(sys.executable)))
        return found[program]

    return find


@pytest.fixture(
    params=[
        pytest.param(tool, id=tool.lock, marks=[pytest.mark.needs_index] if tool.program else [])
        for tool in FOREIGN_TOOLS
    ]
)
def foreign_tool(request: pytest.FixtureRequest) -> ForeignTool:
    """Each of the tools in turn."""
    found: ForeignTool = request.param
    return found


@pytest.fixture
def locked(bench: ProjectBench) -> Locked:
    """Older versions than a resolution would give."""
    bench.index.add("gamma", "2.0")
    bench.index.add("delta", "2.0")
    return Locked(index=bench.index, main={"delta": "1.0"}, dev={"gamma": "1.0"})


def path_with(folder: str) -> dict[str, str | None]:
    return {"PATH": os.pathsep.join((folder, os.environ["PATH"]))}


def test_exactly_what_is_locked_is_installed(
    bench: ProjectBench, locked: Locked, foreign_tool: ForeignTool, tool_folder: Callable[[str], str]
) -> None:
    env = path_with(tool_folder(foreign_tool.program)) if foreign_tool.program else {}
    foreign_tool.write(bench.project, locked)
    before = sorted(path.name for path in bench.project.iterdir())

    ran = bench.ok("init", "--json", env=env)
    assert bench.installed() == {"delta": "1.0", "gamma": "1.0"}
    after = sorted(path.name for path in bench.project.iterdir())
    assert set(after) - set(before) <= {".pyve", ".venv"}
    assert foreign_tool.lock not in ran.stderr

    bench.ok("sync", "--no-dev", env=env)
    assert bench.installed() == {"delta": "1.0"}
    status = bench.ok("status", env=env).stdout
    assert f"from {foreign_tool.lock}" in status
    assert "up to date" in status


def test_lock_that_changes_changes_the_environment_and_back(bench: ProjectBench, locked: Locked) -> None:
    write_uv(bench.project, locked)
    bench.ok("init")
    first = bench.in_use()
    write_uv(bench.project, Locked(index=bench.index, main={"delta": "2.0"}, dev={"gamma": "1.0"}))
    bench.ok("sync")
    assert bench.installed() == {"delta": "2.0", "gamma": "1.0"}
    write_uv(bench.project, locked)
    bench.ok("sync")
    assert bench.in_use() == first


def test_lock_that_is_not_what_it_says_is_refused_by_its_hashes(bench: ProjectBench, locked: Locked) -> None:
    write_uv(bench.project, locked)
    lock = bench.project / "uv.lock"
    lock.write_text(lock.read_text(encoding="utf-8").replace(locked.hash_of("delta"), f"sha256:{'1' * 64}"), "utf-8")
    ran = bench.run("init", "--json")
    assert (ran.exit_status, ran.code) == (6, "hash-mismatch")
    assert "uv.lock:" in ran.json["problems"][0]["message"]


def test_files_that_pyve_reads_come_before_another_tools_lock(bench: ProjectBench, locked: Locked) -> None:
    write_uv(bench.project, locked)
    bench.require("beta==1.0")
    bench.ok("init", "--no-dev")
    assert bench.installed() == {"beta": "1.0"}


def test_without_the_tool_the_project_declares_and_that_is_said(bench: ProjectBench, locked: Locked) -> None:
    write_pdm(bench.project, locked)
    ran = bench.ok("init", env={"PATH": os.defpath})
    assert "pdm.lock is passed over: PDM is not installed here" in ran.stderr
    assert "pdm export" in ran.stderr
    assert bench.installed()["delta"] == "2.0"


def test_without_the_tool_a_lone_lock_is_refused_with_its_command(bench: ProjectBench, locked: Locked) -> None:
    next(tool for tool in FOREIGN_TOOLS if tool.program == "pipenv").write(bench.project, locked)
    ran = bench.run("init", "--json", env={"PATH": os.defpath})
    assert (ran.exit_status, ran.code) == (3, "foreign-lock")
    (problem,) = ran.json["problems"]
    assert "Pipenv is not installed here" in problem["message"]
    assert problem["hint"] == "pipenv requirements > requirements.txt"


class CountedTool:
    """A Pipenv that writes down each of its runs and prints the same lock every time."""

    def __init__(self, folder: Path, bench: ProjectBench) -> None:
        folder.mkdir()
        self._bench, self._calls = bench, folder / "calls"
        program = folder / "pipenv"
        pin = f"alpha==1.0 --hash={bench.index.hash_of('alpha', '1.0')}"
        beta = f"beta==1.0 --hash={bench.index.hash_of('beta', '1.0')}"
        program.write_text(
            f"#!/bin/sh\necho \"$@\" >> '{self._calls}'\necho '{pin}'\necho '{beta}'\n", encoding="utf-8"
        )
        program.chmod(0o755)
        self._env = path_with(str(folder))
        bench.write("Pipfile", '[packages]\nalpha = "*"\n')
        bench.write("Pipfile.lock", "{}\n")

    def ran_by(self, *arguments: str, status: int = 0) -> int:
        """How often the tool is run by `pyve ARGUMENTS`."""
        before = self._count()
        ran: Ran = self._bench.run(*arguments, env=self._env)
        assert ran.exit_status == status, ran.stderr
        return self._count() - before

    def _count(self) -> int:
        return len(self._calls.read_text(encoding="utf-8").splitlines()) if self._calls.exists() else 0


@pytest.fixture
def counted(bench: ProjectBench, tmp_path: Path) -> CountedTool:
    """A project of Pipenv's."""
    return CountedTool(tmp_path / "counted", bench)


@pytest.mark.posix("the stand-in is a shell script")
def test_exporter_is_run_once_for_the_same_files(bench: ProjectBench, counted: CountedTool) -> None:
    assert counted.ran_by("init") == 1
    assert bench.installed() == {"alpha": "1.0", "beta": "1.0"}
    for again in (("sync",), ("status",), ("run", "python", "-c", ""), ("shell-env",), ("init",)):
        assert counted.ran_by(*again) == 0, again


@pytest.mark.posix("the stand-in is a shell script")
def test_run_and_the_prompt_start_no_exporter_for_a_changed_lock(bench: ProjectBench, counted: CountedTool) -> None:
    bench.ok("config", "set", "--user", "auto-sync", str(bench.project))
    counted.ran_by("init")
    bench.write("Pipfile.lock", '{"changed": true}\n')
    assert counted.ran_by("run", "python", "-c", "") == 0
    assert counted.ran_by("run", "--strict", "python", "-c", "", status=125) == 0
    assert counted.ran_by("shell-env") == 0
    assert counted.ran_by("sync") == 1
    assert counted.ran_by("run", "--strict", "python", "-c", "") == 0


@pytest.mark.posix("the stand-in is a shell script")
def test_auto_sync_builds_nothing_beside_a_lock_it_may_not_export(bench: ProjectBench, locked: Locked) -> None:
    bench.ok("config", "set", "--user", "auto-sync", str(bench.project))
    write_uv(bench.project, locked)
    bench.ok("init")
    in_use = bench.in_use()
    write_uv(bench.project, Locked(index=bench.index, main={"delta": "2.0"}, dev={"gamma": "1.0"}))
    ran = bench.run("shell-env")
    assert "bringing it up to date" not in ran.stderr
    assert bench.in_use() == in_use
    assert len(bench.environments()) == 1


@pytest.mark.posix("the stand-in is a shell script")
def test_denied_project_has_no_exporter_run_for_its_status(bench: ProjectBench, counted: CountedTool) -> None:
    counted.ran_by("init")
    bench.write("Pipfile.lock", '{"changed": true}\n')
    assert counted.ran_by("status") == 1
    bench.ok("deny")
    bench.write("Pipfile.lock", '{"changed": 2}\n')
    assert counted.ran_by("status", status=1) == 0  # what only the tool could read stays unread
