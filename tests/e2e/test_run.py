"""`pyve run`: a command inside the environment, as if it had been started there by hand."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX processes and signals")


@pytest.fixture
def ready(bench: ProjectBench) -> ProjectBench:
    """A project with alpha 1.0 in its environment."""
    bench.init("alpha==1.0")
    return bench


def print_variable(bench: ProjectBench, name: str, **env: str) -> str:
    code = f"import os; print(os.environ.get({name!r}, 'unset'))"
    return bench.ok("run", "python", "-c", code, env=env).stdout.removesuffix("\n")


def test_environment_is_that_of_an_activated_one(ready: ProjectBench) -> None:
    directory = str(ready.in_use())

    assert print_variable(ready, "VIRTUAL_ENV") == directory
    assert print_variable(ready, "VIRTUAL_ENV_PROMPT") == ready.project.name
    assert print_variable(ready, "PYTHONHOME", PYTHONHOME=sys.base_prefix) == "unset"


@pytest.mark.posix("the PATH of POSIX")
def test_scripts_stand_first_on_path_and_once(ready: ProjectBench) -> None:
    scripts = str(ready.in_use() / "bin")
    path = os.pathsep.join(["/first", scripts, os.environ["PATH"]])

    entries = print_variable(ready, "PATH", PATH=path).split(os.pathsep)

    assert entries[0] == scripts
    assert entries.count(scripts) == 1
    assert entries[1:] == ["/first", *os.environ["PATH"].split(os.pathsep)]


@pytest.mark.posix("a POSIX shell")
def test_run_inside_run_changes_nothing(ready: ProjectBench) -> None:
    once = print_variable(ready, "PATH")
    twice = ready.ok("run", *ready.command("run", "sh", "-c", 'echo "$PATH"')).stdout.strip()

    assert twice == once


@pytest.mark.posix("pwd")
def test_from_a_subdirectory_and_with_project(ready: ProjectBench, tmp_path: Path) -> None:
    deep = ready.project / "src" / "deep"
    deep.mkdir(parents=True)

    assert ready.ok("run", "alpha", cwd=deep).stdout == "alpha 1.0\n"
    assert ready.ok("run", "pwd", cwd=deep).stdout.strip() == str(deep)
    assert ready.ok("run", "--project", str(deep), "alpha", cwd=tmp_path).stdout == "alpha 1.0\n"
    assert ready.ok("--project", str(deep), "run", "alpha", cwd=tmp_path).stdout == "alpha 1.0\n"


def test_arguments_reach_the_command_untouched(ready: ProjectBench) -> None:
    words = ["--json", "--", "--yes", "", "-q", "--project", "--init", "a b", "$(x)", "*", "-h", "--version"]
    code = "import sys; print(sys.argv[1:])"

    assert ready.ok("run", "python", "-c", code, *words).stdout.strip() == str(words)
    assert ready.ok("run", "--", "python", "-c", code, *words).stdout.strip() == str(words)


def test_standard_input_reaches_the_command(ready: ProjectBench) -> None:
    finished = subprocess.run(
        ready.command("run", "python", "-c", "print(input()[::-1])"),
        cwd=ready.project, env=ready.variables(), input="abc\n", capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert finished.stdout == "cba\n"


@pytest.mark.parametrize("status", [0, 1, 2, 3, 70, 125, 130, 255])
def test_exit_status_of_the_command_is_the_exit_status(ready: ProjectBench, status: int) -> None:
    assert ready.run("run", "python", "-c", f"raise SystemExit({status})").exit_status == status


@posix
def test_the_process_becomes_the_command(ready: ProjectBench) -> None:
    process = ready.start("run", "python", "-c", "import os; print(os.getpid())")

    assert int(process.communicate()[0]) == process.pid


@posix
def test_signal_that_kills_the_command_is_seen_by_the_parent(ready: ProjectBench) -> None:
    assert ready.run("run", "sh", "-c", "kill -TERM $$").exit_status == -signal.SIGTERM


@posix
def test_closed_pipe_ends_the_command_quietly(ready: ProjectBench) -> None:
    line = f"{' '.join(ready.command('run', 'yes'))} | head -n 1"
    finished = subprocess.run(
        ["bash", "-c", f"{line}; echo ${{PIPESTATUS[0]}}"],
        cwd=ready.project, env=ready.variables(), capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert finished.stdout.split() == ["y", str(128 + signal.SIGPIPE)]
    assert finished.stderr == ""


def test_without_a_project_it_is_125(bench: ProjectBench) -> None:
    ran = bench.run("run", "true")

    assert ran.exit_status == 125
    assert "hint: pyve init" in ran.stderr


@pytest.mark.posix("modes and scripts with a first line")
def test_not_executable_is_126(ready: ProjectBench) -> None:
    ready.write("tool", "#!/bin/sh\n").chmod(0o644)

    assert ready.run("run", "./tool").exit_status == 126
    ready.write("broken", "no header").chmod(0o755)
    assert ready.run("run", "./broken").exit_status == 126
    ready.write("dangling", "#!/no/such/interpreter\n").chmod(0o755)
    assert ready.run("run", "./dangling").exit_status == 126


def test_not_found_is_127(ready: ProjectBench) -> None:
    ran = ready.run("run", "nosuchcommand")

    assert ran.exit_status == 127
    assert "nosuchcommand" in ran.stderr
    assert ready.run("run", "./nosuchcommand").exit_status == 127


def test_python_file_gets_a_hint(ready: ProjectBench) -> None:
    ready.write("task.py", "")

    assert "pyve run python task.py" in ready.run("run", "task.py").stderr


def test_environment_that_was_deleted_is_125_with_the_way_out(ready: ProjectBench) -> None:
    shutil.rmtree(ready.in_use())

    ran = ready.run("run", "true")

    assert ran.exit_status == 125
    assert "pyve sync" in ran.stderr
    ready.ok("sync")
    assert ready.ok("run", "alpha").stdout == "alpha 1.0\n"


@pytest.mark.posix("links that anybody may make")
@pytest.mark.parametrize("place", [".pyve", ".pyve/envs", "the environment"])
def test_directory_that_a_link_took_the_place_of_is_not_believed(
    ready: ProjectBench, tmp_path: Path, place: str
) -> None:
    directory = ready.in_use() if place == "the environment" else ready.project / place
    directory.rename(tmp_path / "elsewhere")
    directory.symlink_to(tmp_path / "elsewhere")

    ran = ready.run("run", "alpha")

    assert (ran.exit_status, ran.stdout) == (125, "")
    assert f"{directory} is a link" in ran.stderr
    status = ready.run("status", "--json")
    assert (status.exit_status, status.code) == (1, "environment-damaged")


@pytest.mark.posix("scripts with a first line")
def test_script_with_a_space_in_its_path(ready: ProjectBench) -> None:
    script = ready.write("my tools/say it", '#!/bin/sh\necho "$1"\n')
    script.chmod(0o755)

    assert ready.ok("run", "./my tools/say it", "two  words").stdout == "two  words\n"
    assert ready.ok("run", str(script), "x").stdout == "x\n"


def test_changed_requirements_are_told_in_one_line(ready: ProjectBench) -> None:
    ready.require("alpha==2.0")

    ran = ready.ok("run", "alpha")

    assert ran.stdout == "alpha 1.0\n"
    assert len(ran.stderr.splitlines()) == 1
    assert "requirements.txt" in ran.stderr
    assert "pyve sync" in ran.stderr
    assert ready.ok("--quiet", "run", "alpha").stderr == ""
    assert ready.ok("run", "-q", "alpha").stderr == ""


def test_strict_refuses_changed_requirements(ready: ProjectBench) -> None:
    ready.require("alpha==2.0")

    ran = ready.run("run", "--strict", "alpha")

    assert (ran.exit_status, ran.stdout) == (125, "")
    ready.ok("sync")
    assert ready.ok("run", "--strict", "alpha").stdout == "alpha 2.0\n"


def test_touched_file_is_no_change(ready: ProjectBench) -> None:
    os.utime(ready.project / "requirements.txt", (1, 1))

    assert ready.ok("run", "--strict", "alpha").stderr == ""


def test_replaced_file_of_the_same_bytes_is_no_change(ready: ProjectBench) -> None:
    (ready.project / "requirements.txt").unlink()
    ready.require("alpha==1.0")

    assert ready.ok("run", "--strict", "alpha").stderr == ""


def test_overwritten_file_of_the_same_size_and_time_is_a_change_once_it_is_another_file(ready: ProjectBench) -> None:
    path = ready.project / "requirements.txt"
    status = path.stat()
    replacement = ready.write("other.txt", "alpha==2.0\n")
    os.utime(replacement, ns=(status.st_atime_ns, status.st_mtime_ns))
    replacement.replace(path)

    assert "requirements.txt" in ready.ok("run", "alpha").stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[dependency-groups]\ndev = ["gamma"]\n'),
        ("pyve.toml", 'python = ">=3.9"\n'),
        (".python-version", "3\n"),
        ("requirements-dev.txt", "gamma\n"),
    ],
)
def test_file_that_comes_and_counts_is_told(ready: ProjectBench, name: str, text: str) -> None:
    ready.write(name, text)

    assert name in ready.ok("run", "alpha").stderr


def takes_the_light_path(bench: ProjectBench) -> bool:
    """Whether the next run takes the light path."""
    code = (
        "import os, sys\n"
        "def show(path, argv, env):\n    print('pyve.verbs.run_changed' in sys.modules)\n    raise SystemExit(0)\n"
        "os.execve = show\nsys.argv = ['pyve', 'run', 'alpha']\nfrom pyve.__main__ import main\nmain()\n"
    )
    finished = subprocess.run(
        [sys.executable, "-I", "-c", code],
        cwd=bench.project, env=bench.variables(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return finished.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "alpha==1.0  # for the shop\n"),
        ("pyproject.toml", "[tool.ruff]\nline-length = 100\n"),
        ("uv.lock", "version = 1\n"),
        ("requirements-dev.txt", "# nothing yet\n"),
    ],
)
def test_change_that_asks_for_the_same_environment_is_settled_once(ready: ProjectBench, name: str, text: str) -> None:
    ready.write(name, text)
    assert ready.ok("status", "--json").data["stale"] is False

    ran = ready.ok("run", "--strict", "alpha")

    assert (ran.stdout, ran.stderr) == ("alpha 1.0\n", "")
    assert takes_the_light_path(ready)
    assert ready.ok("status", "--json").data["changed_files"] == []


def test_first_import_is_no_change_of_the_environment(ready: ProjectBench) -> None:
    assert ready.ok("run", "alpha", env={"PYTHONDONTWRITEBYTECODE": None}).stdout == "alpha 1.0\n"

    assert takes_the_light_path(ready)
    assert list(ready.in_use().rglob("alpha.*.pyc")), "the import left its bytecode"


def test_file_that_cannot_be_read_is_told_as_such(ready: ProjectBench) -> None:
    ready.write("pyproject.toml", "[project\n")

    ran = ready.ok("run", "alpha")

    assert ran.stdout == "alpha 1.0\n"
    assert "pyproject.toml changed, and what is asked for cannot be read" in ran.stderr
    assert ready.run("run", "--strict", "alpha").exit_status == 125


def test_python_of_a_variable_that_is_not_set_any_more_is_told(bench: ProjectBench) -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    bench.require("alpha==1.0")
    bench.ok("init", env={"PYVE_PYTHON_VERSION": version})

    ran = bench.ok("run", "alpha")

    assert "PYVE_PYTHON_VERSION changed" in ran.stderr
    assert bench.run("run", "--strict", "alpha").exit_status == 125
    assert bench.ok("run", "--strict", "alpha", env={"PYVE_PYTHON_VERSION": version}).stderr == ""
    status = bench.run("status", "--json")
    assert (status.exit_status, status.data["changed_variables"]) == (1, ["PYVE_PYTHON_VERSION"])
    assert "PYVE_PYTHON_VERSION" in bench.run("status").stdout


def test_variable_that_asks_for_the_same_environment_is_no_change(ready: ProjectBench) -> None:
    assert ready.ok("run", "--strict", "alpha", env={"PYVE_BACKEND": "venv"}).stderr == ""


@pytest.mark.parametrize("content", ["", "garbage"])
def test_record_that_cannot_be_read_is_125_with_the_way_out(ready: ProjectBench, content: str) -> None:
    (record,) = (ready.state / "records").glob("*.json")
    record.write_text(content)

    ran = ready.run("run", "alpha")

    assert ran.exit_status == 125
    assert "hint: pyve sync" in ran.stderr
    ready.ok("sync")
    assert ready.ok("run", "--strict", "alpha").stdout == "alpha 1.0\n"


def test_known_digest_runs_its_own_environment(ready: ProjectBench) -> None:
    first = ready.in_use()
    ready.require("alpha==2.0")
    ready.ok("sync")
    ready.require("alpha==1.0")

    ran = ready.ok("run", "alpha")

    assert (ran.stdout, ran.stderr) == ("alpha 1.0\n", "")
    assert ready.in_use() == first
    assert ready.ok("run", "--strict", "alpha").stdout == "alpha 1.0\n"


def test_other_environment_of_the_shell_is_left(ready: ProjectBench, tmp_path: Path) -> None:
    other = ready.at(tmp_path / "other")
    other.init("gamma")
    env = {"VIRTUAL_ENV": str(other.in_use()), "PATH": f"{other.in_use()}/bin{os.pathsep}{os.environ['PATH']}"}

    assert ready.ok("run", "alpha", env=env).stdout == "alpha 1.0\n"
    assert print_variable(ready, "VIRTUAL_ENV", **env) == str(ready.in_use())


@posix
def test_without_a_command_it_opens_a_shell_inside(ready: ProjectBench) -> None:
    pexpect = pytest.importorskip("pexpect")
    command = ready.command("run")
    shell = pexpect.spawn(
        command[0], command[1:], cwd=str(ready.project), encoding="utf-8", timeout=30,
        env={**ready.variables(), "SHELL": "/bin/sh", "PS1": "> ", "TERM": "dumb"},
    )  # fmt: skip
    shell.sendline('echo "[$VIRTUAL_ENV]"; alpha in a shell; exit 7')
    shell.expect_exact(f"[{ready.in_use()}]")
    shell.expect_exact("alpha 1.0 in a shell")
    shell.expect(pexpect.EOF)
    shell.close()

    assert shell.exitstatus == 7


@posix
def test_interrupt_on_the_terminal_reaches_the_command_alone(ready: ProjectBench) -> None:
    pexpect = pytest.importorskip("pexpect")
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGINT, lambda *_: (print('caught', flush=True), sys.exit(9)))\n"
        "print('ready', flush=True)\ntime.sleep(60)\n"
    )
    command = ready.command("run", "python", "-c", code)
    shell = pexpect.spawn(
        command[0], command[1:], cwd=str(ready.project), env=ready.variables(), encoding="utf-8", timeout=30
    )
    shell.expect_exact("ready")
    shell.sendintr()
    shell.expect_exact("caught")
    shell.expect(pexpect.EOF)
    shell.close()

    assert shell.exitstatus == 9


@pytest.mark.linux("strace")
def test_one_process_and_no_other(ready: ProjectBench, need_program: Callable[[str], str], tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    command = ready.command("run", "true")
    ready.ok("run", "true")
    finished = subprocess.run(
        [*(need_program("strace"), "-f", "-e", "trace=execve,clone,fork,vfork,clone3", "-o", trace), *command],
        cwd=ready.project, env=ready.variables(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr

    lines = [line.split(" ", 1)[1].strip() for line in trace.read_text().splitlines()]
    assert [line for line in lines if line.startswith(("clone", "fork", "vfork"))] == []
    executed = [line.split('"')[1] for line in lines if line.startswith("execve") and line.endswith("= 0")]
    assert [Path(path).name for path in executed[-1:]] == ["true"]
    assert len(executed) == 2


def test_nothing_heavy_is_imported(ready: ProjectBench) -> None:
    code = (
        "import os, sys\n"
        "def show(path, argv, env):\n    print(sorted(sys.modules))\n    raise SystemExit(0)\n"
        "os.execve = show\nsys.argv = ['pyve', 'run', 'true']\nfrom pyve.__main__ import main\nmain()\n"
    )
    finished = subprocess.run(
        [sys.executable, "-I", "-c", code],
        cwd=ready.project, env=ready.variables(), capture_output=True, text=True, check=True,
    )  # fmt: skip

    heavy = {"typer", "rich", "json", "pathlib", "subprocess", "dataclasses", "signal", "enum", "platformdirs"}
    loaded = {name.strip("' ") for name in finished.stdout.strip()[1:-1].split(",")}
    assert "pyve.verbs.run" in loaded
    bare = subprocess.run(
        [sys.executable, "-I", "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    assert (loaded & heavy) - set(bare.stdout.split()) == set()


def test_time_of_use_is_noted(ready: ProjectBench) -> None:
    (record,) = (ready.state / "records").glob("*.json")
    os.utime(record, (1, 1))

    ready.ok("run", "true")

    assert time.time() - record.stat().st_mtime < 3600


def test_state_that_others_may_write_to_is_not_believed(ready: ProjectBench) -> None:
    if sys.platform == "win32" or os.name == "nt":
        pytest.skip("POSIX modes")
    Path(ready.environment["PYVE_STATE_DIR"]).chmod(0o777)

    assert ready.run("run", "true").exit_status == 125


def test_run_without_home_works_where_the_user_database_knows_one(ready: ProjectBench) -> None:
    assert ready.ok("run", "alpha", env={"HOME": None}).stdout == "alpha 1.0\n"


def test_json_of_a_run_that_cannot_be(bench: ProjectBench) -> None:
    ran = bench.run("--json", "run", "true")

    assert (ran.exit_status, ran.code, ran.json["command"]) == (125, "run-failed", "run")


@pytest.mark.posix("modes and scripts with a first line")
def test_json_names_what_kept_the_command_from_starting(ready: ProjectBench) -> None:
    ready.write("tool", "#!/bin/sh\n").chmod(0o644)

    assert ready.run("--json", "run", "nosuchcommand").code == "command-not-found"
    assert ready.run("--json", "run", "./tool").code == "command-not-executable"


@pytest.mark.posix("a file name with an escape sequence in it")
def test_a_file_name_cannot_talk_to_the_terminal(bench: ProjectBench) -> None:
    name = "more\x1b[31m.txt"
    bench.write(name, "gamma\n")
    bench.write("requirements.txt", f"-r {name}\n")
    bench.ok("init")
    bench.write(name, "gamma\ndelta\n")

    ran = bench.ok("run", "gamma")

    assert "txt changed)" in ran.stderr
    assert "\x1b" not in ran.stderr


def test_what_the_shell_is_in_is_left_first(bench: ProjectBench, tmp_path: Path) -> None:
    """A command gets the same environment from whatever shell it is started."""
    bench.init("alpha")
    entered = {
        "PATH": os.pathsep.join(["/other/bin", os.environ["PATH"]]),
        "OF_THE_OTHER": "1",
        "_PYVE_ROOT": "/other",
        "_PYVE_BIN": "/other/bin",
        "_PYVE_SET": "OF_THE_OTHER",
        "_PYVE_NEW_OF_THE_OTHER": "1",
    }
    script = (
        "import os; print('/other/bin' in os.environ['PATH'], 'OF_THE_OTHER' in os.environ, '_PYVE_ROOT' in os.environ)"
    )
    assert bench.ok("run", "python", "-c", script, env=entered).stdout == "False False False\n"
