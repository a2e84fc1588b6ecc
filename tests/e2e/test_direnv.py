"""`pyve direnv`: the lines it prints, read by the real direnv in a real bash."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.test_json_output import VALIDATOR
from tests.support.project_bench import ProjectBench
from tests.support.real_shell import RealShell, plain

DIRENV_HOOK = 'eval "$(direnv hook bash)"'
PYVE_HOOK = 'eval "$(pyve hook bash)"'
HOOKS = {
    "direnv alone": (DIRENV_HOOK,),
    "direnv and then pyve": (DIRENV_HOOK, PYVE_HOOK),
    "pyve and then direnv": (PYVE_HOOK, DIRENV_HOOK),
}


@pytest.fixture
def ready(bench: ProjectBench) -> ProjectBench:
    """A project with alpha 1.0 in its environment."""
    bench.init("alpha==1.0")
    return bench


@pytest.fixture
def bash(ready: ProjectBench, tmp_path: Path, need_program: Callable[[str], str]) -> RealShell:
    """A bash that has direnv, in a project with an .envrc that direnv may read."""
    found = os.path.dirname(need_program("direnv"))
    shell = RealShell(name="bash", bench=ready, folder=tmp_path / "shells", also_on_path=(found,))
    allowed = shell.run("pyve direnv >>.envrc", "direnv allow")
    assert allowed.returncode == 0, allowed.stderr
    return shell


@pytest.mark.posix("direnv")
@pytest.mark.parametrize("hooks", HOOKS.values(), ids=list(HOOKS))
def test_the_project_is_entered_and_left_and_nothing_stays_behind(bash: RealShell, hooks: tuple[str, ...]) -> None:
    directory = bash.bench.in_use()
    terminal = bash.open(*hooks)
    try:
        before = plain(terminal.environment())
        for _ in range(2):
            terminal.cd(bash.bench.project)
            inside = terminal.environment()
            assert inside["VIRTUAL_ENV"] == str(directory)
            assert inside["PATH"].split(":")[0] == str(directory / "bin")
            assert "alpha 1.0" in terminal.do("alpha")
            terminal.cd("/")
            terminal.prompt()
            assert plain(terminal.environment()) == before
    finally:
        terminal.close()


@pytest.mark.posix("direnv")
@pytest.mark.parametrize("hooks", HOOKS.values(), ids=list(HOOKS))
def test_from_one_project_into_another_and_out(
    bash: RealShell, hooks: tuple[str, ...], tmp_path: Path, ready: ProjectBench
) -> None:
    inner = ready.at(ready.project / "inner")
    inner.init("alpha==2.0")
    assert RealShell(name="bash", bench=inner, folder=tmp_path / "shells").run(
        "pyve direnv >>.envrc", "direnv allow"
    ).returncode == 0  # fmt: skip
    terminal = bash.open(*hooks)
    try:
        before = plain(terminal.environment())
        for project in (ready, inner, ready, inner):
            terminal.cd(project.project)
            terminal.prompt()
            assert terminal.environment()["VIRTUAL_ENV"] == str(project.in_use())
        terminal.cd("/")
        terminal.prompt()
        assert plain(terminal.environment()) == before
    finally:
        terminal.close()


@pytest.mark.posix("direnv")
def test_a_sync_and_a_change_of_a_manifest_are_noticed_at_the_next_prompt(bash: RealShell) -> None:
    terminal = bash.open(DIRENV_HOOK, cwd=bash.bench.project)
    try:
        terminal.prompt()
        assert "alpha 1.0" in terminal.do("alpha")
        later = os.stat(bash.bench.project / "requirements.txt").st_mtime + 5
        file = bash.bench.require("alpha==2.0")
        os.utime(file, (later, later))  # direnv compares whole seconds
        assert "environment is out of date (requirements.txt changed)" in terminal.prompt()

        bash.bench.ok("sync")
        os.utime(bash.bench.project / ".pyve" / "env", (later + 5, later + 5), follow_symlinks=False)
        terminal.prompt()
        assert "alpha 2.0" in terminal.do("alpha")
    finally:
        terminal.close()


@pytest.mark.posix("direnv")
def test_without_pyve_the_file_says_so_and_does_nothing_else(bash: RealShell) -> None:
    ran = bash.run(f"rm -r '{bash.folder / 'programs'}'; direnv exec . env")

    assert "pyve is not on PATH" in ran.stderr
    assert "VIRTUAL_ENV" not in ran.stdout


def test_lines_are_marked_and_the_same_on_every_machine(ready: ProjectBench) -> None:
    ran = ready.ok("direnv")

    lines = ran.stdout.splitlines()
    assert (lines[0], lines[-1]) == ("# >>> pyve >>>", "# <<< pyve <<<")
    assert "'requirements.txt'" in ran.stdout
    assert "'.pyve/env'" in ran.stdout
    assert str(ready.project) not in ran.stdout
    assert str(ready.home) not in ran.stdout
    assert "direnv allow" in ran.stderr


def test_files_outside_the_project_are_named_from_its_root(ready: ProjectBench) -> None:
    (ready.project.parent / "common.txt").write_text("delta\n", encoding="utf-8")
    ready.init("alpha==1.0", "-r ../common.txt")

    assert "'../common.txt'" in ready.ok("direnv").stdout


def test_a_file_that_has_the_lines_gets_them_no_second_time(ready: ProjectBench) -> None:
    ready.write(".envrc", "export MINE=1\n" + ready.ok("direnv").stdout)

    ran = ready.ok("direnv")

    assert ran.stdout == ""
    assert ".envrc has these lines already" in ran.stderr


def test_json_holds_the_lines_and_what_they_watch(ready: ProjectBench) -> None:
    printed = ready.ok("direnv").stdout

    document = ready.ok("direnv", "--json").json
    data = document["data"]

    VALIDATOR.validate(document)
    assert data["text"] == printed
    assert data["project"] == str(ready.project)
    assert data["watched"][0] == ".pyve/env"
    assert "requirements.txt" in data["watched"]


def test_outside_of_projects_there_is_nothing_to_print(ready: ProjectBench, tmp_path: Path) -> None:
    ran = ready.run("direnv", cwd=tmp_path)

    assert (ran.exit_status, ran.stdout) == (4, "")
    assert "[no-project]" in ran.stderr
