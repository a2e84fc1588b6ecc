"""`pyve hook` as a user meets it: real startup files, read by real shells."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyve.system.directories import state_directory
from tests.conftest import RunPyve
from tests.support.project_bench import ProjectBench

SHELLS = ("bash", "zsh", "fish")
FILES = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/conf.d/pyve.fish"}
needs_shells = pytest.mark.posix("shells and their startup files")


def ask_shell(program: str, command: str, cwd: Path) -> str:
    """What an interactive shell, which has read its startup files, says to `command`."""
    finished = subprocess.run(
        [program, "-i", "-c", command], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return finished.stdout.strip()


def state_of(home: Path) -> Path:
    """Pyve's own directory in the home of this test."""
    return Path(state_directory(os.environ | {"HOME": os.fspath(home)}))


def list_tree(home: Path) -> set[Path]:
    """Everything but pyve's own directory and those around it."""
    own = state_of(home)
    return {path for path in home.rglob("*") if not path.is_relative_to(own) and path not in own.parents}


@pytest.mark.parametrize("shell", [*SHELLS, "pwsh"])
def test_the_hook_is_printed_and_nothing_else(shell: str, run_pyve: RunPyve, home: Path) -> None:
    printed = run_pyve("hook", shell)
    assert (printed.exit_status, printed.stderr) == (0, "")
    assert run_pyve("hook", shell, "--json").json["data"] == {
        "shell": shell,
        "text": printed.stdout,
        "changes": [],
        "done": False,
    }
    assert (state_of(home) / "generation").exists()


@needs_shells
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_that_evaluates_it_has_it(
    shell: str, run_pyve: RunPyve, project: Path, need_program: Callable[[str], str]
) -> None:
    words = f"'{sys.executable}' -m pyve hook {shell}"
    load = f"{words} | source" if shell == "fish" else f'eval "$({words})"'
    said = ask_shell(need_program(shell), f"{load}; echo loaded: $_PYVE_HOOK", project)
    assert re.fullmatch(rf"loaded: {shell}:\d+", said)


@needs_shells
@pytest.mark.parametrize("shell", SHELLS)
def test_an_installed_hook_is_in_every_shell_that_starts_until_it_is_uninstalled(
    shell: str, run_pyve: RunPyve, project: Path, home: Path, need_program: Callable[[str], str]
) -> None:
    program = need_program(shell)
    ask_shell(program, "true", project)  # fish makes files of its own at its first start
    before = list_tree(home)
    installed = run_pyve("hook", "--install", shell, "--yes", "--json")
    assert (installed.exit_status, installed.json["data"]["done"]) == (0, True)
    assert re.fullmatch(rf"{shell}:\d+", ask_shell(program, "echo $_PYVE_HOOK", project))

    assert run_pyve("hook", "--install", shell, "--yes", "--json").json["data"]["changes"] == []
    assert run_pyve("hook", "--uninstall", shell, "--yes").exit_status == 0
    assert ask_shell(program, "echo $_PYVE_HOOK", project) == ""
    assert list_tree(home) == before


@needs_shells
@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_gets_nothing_from_it(
    shell: str, run_pyve: RunPyve, project: Path, home: Path, need_program: Callable[[str], str]
) -> None:
    run_pyve("hook", "--install", shell, "--yes")
    command = f". '{home / FILES[shell]}'; echo \"[$_PYVE_HOOK]\""
    finished = subprocess.run([need_program(shell), "-c", command], cwd=project, capture_output=True, text=True)
    assert (finished.stdout, finished.stderr) == ("[]\n", "")


@pytest.mark.linux("strace")
@pytest.mark.parametrize("shell", SHELLS)
def test_the_installed_hook_starts_no_process(
    shell: str, run_pyve: RunPyve, project: Path, tmp_path: Path, need_program: Callable[[str], str]
) -> None:
    program, strace = need_program(shell), need_program("strace")

    def count_processes() -> int:
        trace = tmp_path / "trace"
        follow = (strace, "-f", "-e", "trace=execve,clone,fork,vfork,clone3", "-o", os.fspath(trace))
        words = [*follow, program, "-i", "-c", "true"]
        subprocess.run(words, cwd=project, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        calls = trace.read_text().splitlines()
        return sum("CLONE_THREAD" not in line and "resumed>" not in line for line in calls if "(" in line)

    count_processes()  # fish makes files of its own at its first start
    without = count_processes()
    assert without, "the shell itself"
    assert run_pyve("hook", "--install", shell, "--yes").exit_status == 0
    assert "_PYVE_HOOK" in ask_shell(program, "env", project)
    assert count_processes() == without


@needs_shells
def test_a_dry_run_says_what_is_then_done(run_pyve: RunPyve, home: Path) -> None:
    (home / ".zshrc").write_text("setopt autocd\n")
    planned = run_pyve("hook", "--install", "zsh", "--dry-run", "--json").json["data"]
    assert (home / ".zshrc").read_text() == "setopt autocd\n"
    done = run_pyve("hook", "--install", "zsh", "--yes", "--json").json["data"]
    assert {**done, "done": False} == planned
    assert [change["action"] for change in planned["changes"]] == ["create", "create", "edit"]


@needs_shells
def test_what_changes_nothing_of_the_users_needs_no_assent(run_pyve: RunPyve, home: Path) -> None:
    assert run_pyve("hook", "--install", "bash", "--yes").exit_status == 0
    ledger = state_of(home) / "startup-files.jsonl"
    ledger.unlink()
    again = run_pyve("hook", "--install", "bash")
    assert (again.exit_status, again.stdout) == (0, "Nothing to change.\n")
    assert "hook.bash" in again.stderr, "how the shell that has not loaded it does so"
    assert ledger.exists()


@needs_shells
def test_without_a_terminal_and_assent_nothing_is_changed_and_that_is_said(run_pyve: RunPyve, home: Path) -> None:
    (home / ".bashrc").write_text("a=b\n")
    for words in (["--install", "bash"], ["--install", "bash", "--json"]):
        refused = run_pyve("hook", *words)
        assert refused.exit_status == 1
        assert "pyve hook --install bash --yes" in refused.stdout + refused.stderr
    assert refused.json["problems"][0]["code"] == "not-confirmed"
    assert (home / ".bashrc").read_text() == "a=b\n"
    assert not (state_of(home) / "hook.bash").exists()


@needs_shells
@pytest.mark.parametrize(("answer", "status", "installed"), [("n\n", 1, False), ("y\n", 0, True), ("\x03", 130, False)])
def test_on_a_terminal_the_answer_counts(
    bench: ProjectBench, home: Path, answer: str, status: int, *, installed: bool
) -> None:
    import pexpect

    command = bench.command("hook", "--install", "bash")
    child = pexpect.spawn(command[0], command[1:], cwd=str(bench.project), env=bench.variables(), encoding="utf-8")
    child.expect_exact("Make these changes?", timeout=60)
    child.send(answer)
    child.expect(pexpect.EOF, timeout=60)
    child.close()
    assert child.exitstatus == status
    assert (home / ".bashrc").exists() is installed


@needs_shells
@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_that_pyve_is_started_from_is_found(
    shell: str, run_pyve: RunPyve, project: Path, need_program: Callable[[str], str]
) -> None:
    words = f"'{sys.executable}' -m pyve hook --install --dry-run --json; true"  # so that it is not replaced by pyve
    finished = subprocess.run(
        [need_program(shell), "-c", words], cwd=project, capture_output=True, encoding="utf-8", check=False
    )
    assert f'"shell": "{shell}"' in finished.stdout, finished.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tcsh"], "`pyve hook` is for bash, zsh, fish and pwsh; there is none for tcsh."),
        (["/bin/sh"], "from any other shell: pyve run COMMAND, or pyve shell"),
        (["csh"], "from any other shell: pyve run COMMAND, or pyve shell"),
        (["--uninstall", "ksh"], "from any other shell: pyve run COMMAND, or pyve shell"),
        (["zhs"], "did you mean `zsh`?"),
        (["--install", "nu"], "bash, zsh, fish and pwsh"),
        (["--install", "--uninstall"], "opposite"),
        (["bash", "--dry-run"], "--install"),
        (["bash", "--instal"], "--install"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(words: list[str], said: str, run_pyve: RunPyve) -> None:
    refused = run_pyve("hook", *words)
    assert refused.exit_status == 2
    assert said in refused.stderr
    assert refused.stdout == ""


@needs_shells
def test_a_path_names_a_shell_too(run_pyve: RunPyve) -> None:
    assert run_pyve("hook", "/usr/bin/zsh").stdout == run_pyve("hook", "zsh").stdout


@needs_shells
def test_a_state_directory_that_others_may_write_to_is_not_read_by_any_shell(run_pyve: RunPyve, home: Path) -> None:
    state = state_of(home)
    state.mkdir(parents=True)
    state.chmod(0o777)
    for words in (["bash"], ["--install", "bash", "--yes"]):
        refused = run_pyve("hook", *words)
        assert (refused.exit_status, refused.stdout) == (7, "")
        assert "owner-mismatch" in refused.stderr


@needs_shells
def test_a_state_directory_that_cannot_be_made_is_no_obstacle_to_printing(run_pyve: RunPyve, home: Path) -> None:
    state = state_of(home)
    state.parent.parent.mkdir(parents=True)
    state.parent.touch()
    printed = run_pyve("hook", "bash")
    assert (printed.exit_status, printed.stderr) == (0, "")
    assert printed.stdout


@needs_shells
@pytest.mark.parametrize(
    ("last_line", "codes"),
    [("", []), ("PROMPT_COMMAND=()", ["hook-lost"]), ("unset _PYVE_HOOK", ["hook-not-loaded"])],
    ids=["working", "overwritten", "not loaded"],
)
def test_check_sees_whether_the_hook_of_the_shell_works(
    bench: ProjectBench, home: Path, tmp_path: Path, last_line: str, codes: list[str]
) -> None:
    import pexpect

    bench.init("alpha")
    bench.ok("hook", "--install", "bash", "--yes")
    with (home / ".bashrc").open("a") as startup_file:
        startup_file.write(f"{last_line}\nPS1='ready> '\n")
    answer = tmp_path / "answer"
    child = pexpect.spawn("bash", ["-i"], cwd=str(bench.project), env=bench.variables({"CI": None}), encoding="utf-8")
    child.expect_exact("ready> ", timeout=60)
    child.sendline(f"'{sys.executable}' -m pyve check --json >'{answer}'; exit")
    child.expect(pexpect.EOF, timeout=60)
    findings = json.loads(answer.read_text())["data"]["findings"]
    about_hooks = [one["code"] for one in findings if one["code"].startswith(("hook-", "project-not", "startup-"))]
    assert about_hooks == codes
