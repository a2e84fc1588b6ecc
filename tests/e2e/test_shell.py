"""`pyve shell`, and `pyve run` without a command: a shell inside the environment."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench
from tests.support.real_shell import RealShell, plain, read_saved

pytestmark = pytest.mark.posix("shells, and processes that become others")
SHELLS = ("bash", "zsh", "fish")
HOOKS = {"bash": 'eval "$(pyve hook bash)"', "zsh": 'eval "$(pyve hook zsh)"', "fish": "pyve hook fish | source"}


@pytest.fixture
def ready(bench: ProjectBench) -> ProjectBench:
    """A project with alpha 1.0 in its environment."""
    bench.init("alpha==1.0")
    return bench


@pytest.fixture(params=SHELLS)
def shell(
    request: pytest.FixtureRequest, ready: ProjectBench, tmp_path: Path, need_program: Callable[[str], str]
) -> RealShell:
    """Each shell."""
    need_program(request.param)
    return RealShell(name=request.param, bench=ready, folder=tmp_path / "shells")


@pytest.fixture
def bash(ready: ProjectBench, tmp_path: Path, need_program: Callable[[str], str]) -> RealShell:
    """The one for what is the same in all."""
    need_program("bash")
    return RealShell(name="bash", bench=ready, folder=tmp_path / "shells")


def enter(bench: ProjectBench, script: str, *words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run `pyve WORDS` with a script on stdin."""
    return subprocess.run(
        bench.command(*words), cwd=bench.project, env=bench.variables(env), input=script,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("name", SHELLS)
def test_the_shell_that_is_named_is_inside(
    ready: ProjectBench, name: str, tmp_path: Path, need_program: Callable[[str], str]
) -> None:
    path = need_program(name)

    for program in (name, path):
        ran = enter(ready, "alpha\nexit 7\n", "shell", "--shell", program)
        assert (ran.returncode, ran.stdout, ran.stderr) == (7, "alpha 1.0\n", "")


def test_the_process_becomes_the_shell(ready: ProjectBench) -> None:
    process = subprocess.Popen(
        ready.command("shell", "--shell", "/bin/sh"), cwd=ready.project, env=ready.variables(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    assert int(process.communicate("echo $$\n")[0]) == process.pid


def test_run_without_a_command_opens_the_same_shell(bash: RealShell, tmp_path: Path) -> None:
    files = {verb: tmp_path / verb for verb in ("shell", "run")}

    for verb, file in files.items():
        ran = bash.run(f"echo {bash.save_environment(file)!r} | pyve {verb}")
        assert (ran.returncode, ran.stderr) == (0, "")

    assert read_saved(files["shell"]) == read_saved(files["run"])
    assert read_saved(files["run"])["VIRTUAL_ENV"] == str(bash.bench.in_use())


def test_the_shell_is_the_one_that_pyve_was_started_from(shell: RealShell, tmp_path: Path) -> None:
    own_id = "$fish_pid" if shell.name == "fish" else "$$"
    script = tmp_path / "script"
    script.write_text(f"/bin/ps -o ucomm= -p {own_id}\n")

    ran = shell.run(f"pyve shell <'{script}'", "echo end")

    assert (ran.stdout, ran.stderr) == (f"{shell.name}\nend\n", "")


def test_with_a_hook_it_is_first_on_path_after_startup_files_and_stays_wherever_the_shell_goes(
    shell: RealShell, tmp_path: Path
) -> None:
    project, directory = shell.bench.project, shell.bench.in_use()
    other = shell.bench.at(tmp_path / "other")
    other.init("gamma==1.0")
    first = {"fish": "set -gx PATH /opt/first $PATH"}.get(shell.name, 'export PATH="/opt/first:$PATH"')
    terminal = shell.open(HOOKS[shell.name], first, inside=project)
    try:
        assert terminal.path()[:2] == [str(directory / "bin"), "/opt/first"]
        assert terminal.path().count(str(directory / "bin")) == 1
        assert terminal.prompt_prefix == f"({project.name}) "
        for place in (other.project, project, tmp_path):
            terminal.cd(place)
            assert terminal.environment()["VIRTUAL_ENV"] == str(directory)
            assert terminal.path()[0] == str(directory / "bin")
    finally:
        terminal.close()


def test_deactivate_in_it_leaves_the_environment_for_good(shell: RealShell) -> None:
    outside = shell.open(HOOKS[shell.name])
    expected = plain(outside.environment())
    outside.close()
    shutil.rmtree(shell.folder / "terminal")
    terminal = shell.open(HOOKS[shell.name], inside=shell.bench.project)
    try:
        terminal.do("deactivate")
        assert plain(terminal.environment()) == expected
    finally:
        terminal.close()


def test_without_a_hook_another_project_on_top_leaves_the_first(bash: RealShell, tmp_path: Path) -> None:
    other = bash.bench.at(tmp_path / "other")
    other.init("gamma==1.0")
    inside, expected = tmp_path / "inside", tmp_path / "expected"
    script = tmp_path / "script"
    script.write_text(f"cd '{other.project}'\npyve shell <<'END'\n{bash.save_environment(inside)}\nEND\n")

    first = bash.run(f"pyve shell <'{script}'")
    bash.run(f"cd '{other.project}'; echo {bash.save_environment(expected)!r} | pyve shell")

    assert first.stderr == ""
    assert read_saved(inside) == read_saved(expected)


def test_in_itself_it_opens_another_and_says_so(ready: ProjectBench) -> None:
    words = " ".join(f"'{word}'" for word in ready.command("shell", "--shell", "sh"))

    ran = enter(ready, f"echo 'alpha; exit 3' | {words}; echo $?\n", "shell", "--shell", "sh")

    assert ran.stdout == "alpha 1.0\n3\n"
    assert "inside the environment already" in ran.stderr
    assert "inside the environment already" not in enter(ready, "exit\n", "shell", "--shell", "sh").stderr


@pytest.mark.parametrize("verb", ["shell", "run"])
def test_an_environment_that_is_out_of_date_is_said_and_refused_with_strict(ready: ProjectBench, verb: str) -> None:
    ready.require("alpha==2.0")

    entered = enter(ready, "alpha\n", verb, SHELL="/bin/sh")
    refused = enter(ready, "alpha\n", verb, "--strict", SHELL="/bin/sh")

    assert (entered.returncode, entered.stdout) == (0, "alpha 1.0\n")
    assert "environment is out of date (requirements.txt changed)" in entered.stderr
    assert (refused.returncode, refused.stdout) == (125, "")
    assert "Not run, as --strict asks" in refused.stderr


@pytest.mark.parametrize("verb", ["shell", "run"])
def test_its_own_failures_are_told_by_exit_status(ready: ProjectBench, verb: str, tmp_path: Path) -> None:
    outside = ready.run(verb, cwd=tmp_path)
    assert outside.exit_status == 125
    assert "No pyve project at or above" in outside.stderr

    shutil.rmtree(ready.in_use())
    damaged = ready.run(verb)
    assert damaged.exit_status == 125
    assert "hint: pyve sync" in damaged.stderr


def test_a_shell_that_is_not_there_is_told(ready: ProjectBench) -> None:
    assert ready.run("shell", "--shell", "nosuch").exit_status == 127
    plain_file = ready.write("plain", "")
    refused = ready.run("shell", "--shell", os.fspath(plain_file))
    assert refused.exit_status == 126
    assert "chmod" not in refused.stderr
    assert "pyve shell --shell" in refused.stderr
