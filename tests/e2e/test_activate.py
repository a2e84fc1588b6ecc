"""`pyve activate`: evaluated by a real shell, the environment is there until `deactivate`."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.test_json_output import VALIDATOR
from tests.support.project_bench import ProjectBench
from tests.support.real_shell import RealShell, read_saved

posix = pytest.mark.posix("shells")
SHELLS = ("bash", "zsh", "fish")
LINES = {"bash": 'eval "$(pyve activate)"', "zsh": 'eval "$(pyve activate)"', "fish": "pyve activate | source"}
HOSTILE_NAME = 'it\'s "my" $(touch pwned) `touch pwned`; touch pwned & !! %n ~ *?[ab] {a,b} #\\ é🐍'


@pytest.fixture
def ready(bench: ProjectBench) -> ProjectBench:
    """A project with alpha 1.0 in its environment."""
    bench.init("alpha==1.0")
    return bench


@pytest.fixture(params=SHELLS)
def shell(
    request: pytest.FixtureRequest, ready: ProjectBench, tmp_path: Path, need_program: Callable[[str], str]
) -> Iterator[RealShell]:
    """Each shell; the test fails when something that was only a name has been run."""
    need_program(request.param)
    yield RealShell(name=request.param, bench=ready, folder=tmp_path / "shells")
    assert list(tmp_path.rglob("pwned*")) == []


@posix
def test_the_documented_line_enters_and_deactivate_restores_everything(shell: RealShell, tmp_path: Path) -> None:
    files = [tmp_path / f"environment {number}" for number in range(4)]
    save = [shell.save_environment(file) for file in files]
    line = LINES[shell.name]

    ran = shell.run(save[0], line, "alpha", save[1], line, save[2], "deactivate", save[3])

    assert (ran.stdout, ran.stderr) == ("alpha 1.0\n", "")
    before, inside, again, after = map(read_saved, files)
    directory = shell.bench.in_use()
    assert inside["VIRTUAL_ENV"] == str(directory)
    assert inside["PATH"] == os.pathsep.join([str(directory / "bin"), before["PATH"]])
    assert again == inside
    assert after == before


@posix
def test_a_project_of_any_name_is_entered_from_anywhere(shell: RealShell, tmp_path: Path) -> None:
    project = shell.bench.at(tmp_path / HOSTILE_NAME)
    project.init("alpha==2.0")
    inside = tmp_path / "inside"
    quoted = "'" + str(project.project).replace("\\", "\\\\" if shell.name == "fish" else "\\").replace(
        "'", "\\'" if shell.name == "fish" else "'\\''"
    ) + "'"  # fmt: skip
    line = LINES[shell.name].replace("activate", f"activate --project {quoted}")

    ran = shell.run(line, "alpha", shell.save_environment(inside), cwd=tmp_path)

    assert (ran.stdout, ran.stderr) == ("alpha 2.0\n", "")
    assert read_saved(inside)["_PYVE_ROOT"] == str(project.project)


@posix
def test_on_top_of_another_project_only_the_last_is_active(shell: RealShell, tmp_path: Path) -> None:
    other = shell.bench.at(tmp_path / "other")
    other.init("gamma==1.0")
    before, inside, after = (tmp_path / name for name in ("before", "inside", "after"))

    ran = shell.run(
        shell.save_environment(before), LINES[shell.name], f"cd '{other.project}'", LINES[shell.name], "gamma",
        shell.save_environment(inside), "deactivate", shell.save_environment(after),
    )  # fmt: skip

    assert (ran.stdout, ran.stderr) == ("gamma 1.0\n", "")
    assert read_saved(inside)["PATH"] == f"{other.in_use() / 'bin'}:{read_saved(before)['PATH']}"
    assert read_saved(after) == read_saved(before)


@posix
def test_it_is_undone_without_pyve_its_state_and_the_environment(shell: RealShell, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    state = shell.bench.home / ".local" / "state" / "pyve"
    gone = f"/bin/rm -rf '{state}' '{shell.folder / 'programs'}' \"$VIRTUAL_ENV\""

    ran = shell.run(
        shell.save_environment(before), LINES[shell.name], gone, "deactivate", shell.save_environment(after)
    )

    assert ran.stderr == ""
    assert not state.exists()
    assert read_saved(after) == read_saved(before)


@posix
def test_the_environment_is_the_one_that_run_gives(shell: RealShell, tmp_path: Path) -> None:
    entered, ran = tmp_path / "entered", tmp_path / "ran"
    shell.run(LINES[shell.name], shell.save_environment(entered))
    shell.run(f"pyve run {shell.save_environment(ran)}")

    record = {name for name in read_saved(entered) if name.startswith("_PYVE_")}
    assert {name: value for name, value in read_saved(entered).items() if name not in record} == read_saved(ran)


@posix
def test_a_person_who_forgot_to_evaluate_it_is_told_what_to_type(shell: RealShell) -> None:
    terminal = shell.open(cwd=shell.bench.project)
    try:
        shown = terminal.type("pyve activate")
        named = terminal.type("pyve --project . activate --shell fish")
    finally:
        terminal.close()

    assert " ".join(shown.split()) == (  # however wide the terminal is
        "error: What this prints is for the shell to evaluate; on a terminal it does nothing. [usage] "
        f"hint: {LINES[shell.name]}"
    )
    assert "hint: pyve activate --project . --shell fish | source" in named


@posix
def test_exports_are_evaluated_by_any_posix_shell(ready: ProjectBench, tmp_path: Path) -> None:
    sh = RealShell(name="sh", bench=ready, folder=tmp_path / "shells")

    print_exports = "pyve activate --exports --shell bash"
    ran = sh.run(f'eval "$({print_exports})"', "alpha", print_exports, "env")

    assert ran.stdout.startswith("alpha 1.0\n")
    assert "export " not in ran.stdout  # the second time there is nothing to say
    assert "_PYVE_" not in ran.stdout
    assert f"VIRTUAL_ENV={ready.in_use()}\n" in ran.stdout


def test_exports_are_one_statement_a_variable(ready: ProjectBench) -> None:
    ran = ready.ok("activate", "--exports", "--shell", "bash", env={"PYTHONHOME": sys.base_prefix})

    statements = ran.stdout.splitlines()
    assert statements[0] == "unset -v PYTHONHOME"
    assert f"export VIRTUAL_ENV='{ready.in_use()}'".replace("'s", "'\\''s") in statements
    assert len(statements) == 4


@pytest.mark.parametrize("shell", [*SHELLS, "pwsh"])
def test_every_dialect_is_printed_on_request(ready: ProjectBench, shell: str) -> None:
    ran = ready.ok("activate", "--shell", shell)

    assert "__pyve_enter" in ran.stdout
    assert str(ready.in_use().name) in ran.stdout
    assert ran.stderr == ""


def test_json_holds_the_statements_and_what_they_say(ready: ProjectBench) -> None:
    directory = ready.in_use()
    document = ready.ok("activate", "--shell", "bash", "--json").json
    data = document["data"]

    VALIDATOR.validate(document)
    assert data["statements"] == ready.ok("activate", "--shell", "bash").stdout
    assert (data["project"], data["environment"], data["shell"]) == (str(ready.project), str(directory), "bash")
    assert data["path"] == [str(directory / ("Scripts" if sys.platform == "win32" else "bin"))]
    assert data["set"]["VIRTUAL_ENV"] == str(directory)
    assert data["unset"] == ["PYTHONHOME"]


def test_files_that_ask_for_something_else_are_said_and_the_environment_in_use_is_entered(ready: ProjectBench) -> None:
    directory = ready.in_use()
    ready.require("alpha==2.0")

    ran = ready.ok("activate", "--shell", "bash")

    assert "note: environment is out of date (requirements.txt changed)" in ran.stderr
    assert directory.name in ran.stdout


def test_files_of_another_approved_environment_put_that_one_in_use(ready: ProjectBench) -> None:
    first = ready.in_use()
    ready.init("alpha==2.0")
    ready.require("alpha==1.0")

    ran = ready.ok("activate", "--shell", "bash")

    assert first.name in ran.stdout
    assert ran.stderr == ""
    assert ready.ok("status", "--json").data["environment"] == str(first)


def test_a_project_that_was_denied_is_entered_by_hand_still(ready: ProjectBench) -> None:
    ready.ok("deny")

    assert ready.in_use().name in ready.ok("activate", "--shell", "bash").stdout


@pytest.mark.parametrize("words", [["activate", "--shell", "bash"], ["activate", "--shell", "bash", "--exports"]])
def test_where_there_is_nothing_to_enter_nothing_is_printed(
    ready: ProjectBench, words: list[str], tmp_path: Path
) -> None:
    outside = ready.run(*words, cwd=tmp_path)
    assert (outside.exit_status, outside.stdout) == (4, "")
    assert "[no-project]" in outside.stderr

    shutil.rmtree(ready.in_use())
    damaged = ready.run(*words)
    assert (damaged.exit_status, damaged.stdout) == (4, "")
    assert "[no-environment]" in damaged.stderr
    assert "hint: pyve sync" in damaged.stderr

    (ready.state / "current").unlink()
    never = ready.run(*words)
    assert (never.exit_status, never.stdout) == (4, "")
    assert "has no environment yet" in never.stderr


@pytest.mark.parametrize("shell", ["tcsh", "nosuch", "bahs"])
def test_a_shell_that_is_not_known_is_a_usage_error(ready: ProjectBench, shell: str) -> None:
    ran = ready.run("activate", "--shell", shell)

    assert (ran.exit_status, ran.stdout) == (2, "")
    assert shell in ran.stderr


def test_deactivate_as_a_command_says_what_to_type(ready: ProjectBench) -> None:
    ran = ready.run("deactivate")

    assert (ran.exit_status, ran.stdout) == (2, "")
    assert "type `deactivate`" in ran.stderr
