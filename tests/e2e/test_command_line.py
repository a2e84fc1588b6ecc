"""The words around the verbs: flag verbs, global options, JSON, exit statuses, prompts."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pyve import __version__
from tests.support.project_bench import ProjectBench

ENVELOPE = {"pyve_output_version", "command", "status", "exit_status", "data", "problems"}


@pytest.mark.parametrize("words", [["--version"], ["-V"], ["version"]])
def test_version(bench: ProjectBench, words: list[str]) -> None:
    assert bench.ok(*words).stdout == f"pyve {__version__}\n"


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["--help", "--no-color"]])
def test_help(bench: ProjectBench, words: list[str]) -> None:
    ran = bench.ok(*words)

    assert "Usage: pyve" in ran.stdout
    assert ran.stderr == ""


@pytest.mark.parametrize(
    "verb", ["init", "sync", "run", "status", "list", "detect", "rollback", "purge", "gc", "check", "config"]
)
def test_help_of_every_verb(bench: ProjectBench, verb: str) -> None:
    assert f"pyve {verb}" in bench.ok(verb, "--help").stdout
    assert list(bench.project.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "suggestion"),
    [
        (["--intt"], "--init"),
        (["--prge"], "--purge"),
        (["inti"], "init"),
        (["statsu"], "status"),
        (["sync", "--froce"], "--force"),
        (["init", "--bakend", "venv"], "--backend"),
        (["list", "--al"], "--all"),
    ],
)
def test_misspelt_word_gets_its_suggestion(bench: ProjectBench, words: list[str], suggestion: str) -> None:
    ran = bench.run(*words)

    assert ran.exit_status == 2
    assert suggestion in ran.stderr
    assert ran.stdout == ""
    assert list(bench.project.iterdir()) == []


def test_config_get_prints_the_value_alone(bench: ProjectBench) -> None:
    bench.write("pyve.toml", 'groups = ["docs", "test"]\n')

    assert bench.ok("config", "get", "dev").stdout == "true\n"
    assert bench.ok("config", "get", "groups").stdout == "docs,test\n"
    assert bench.run("config", "get", "python").stdout == ""


@pytest.mark.parametrize("words", [[], ["self"]])
def test_json_without_a_verb_is_one_short_usage_error(bench: ProjectBench, words: list[str]) -> None:
    ran = bench.run("--json", *words)

    assert (ran.exit_status, ran.code) == (2, "usage")
    assert "Usage" not in ran.stdout


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["frob"], "hint: pyve --help"),
        (["--isolated"], "hint: pyve --help"),
        (["gc", "--days"], "hint: pyve gc --help"),
        (["config", "set"], "error: Missing"),
        (["init", "/usr/bin/python3"], "looks like a path"),
        (["completion", "--install"], "hint: pyve hook --install"),
        (["deny", "--list"], "hint: pyve allow --list"),
    ],
)
def test_usage_error_says_what_helps(bench: ProjectBench, words: list[str], hint: str) -> None:
    assert hint in bench.run(*words).stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--init", "--purge"],
        ["--purge", "--init"],
        ["init", "--purge"],
        ["--init", "--init"],
        ["status", "extra"],
        ["init", "3.12", "3.13"],
        ["sync", "3.12"],
        ["--project"],
        ["--project="],
        ["init", "--backend"],
        ["nosuchverb"],
        ["--nosuchoption"],
        ["run", "--nosuchoption", "true"],
    ],
)
def test_usage_error(bench: ProjectBench, words: list[str]) -> None:
    ran = bench.run("--json", *words)

    assert (ran.exit_status, ran.code) == (2, "usage"), ran.stdout
    assert ran.stderr == ""
    assert bench.run(*words).exit_status == 2
    assert list(bench.project.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["--quiet", "init", "--json"], ["--json", "--quiet", "--init"], ["--init", "-q", "--json", "--yes"]]
)
def test_global_options_before_and_after_the_verb(bench: ProjectBench, words: list[str]) -> None:
    ran = bench.ok(*words)

    assert ran.json["command"] == "init"
    assert ran.stderr == ""


@pytest.mark.parametrize("words", [("purge", "-yq"), ("-qy", "purge"), ("purge", "-qvy")])
def test_joined_short_flags_are_global_options_too(bench: ProjectBench, words: tuple[str, ...]) -> None:
    bench.init("gamma")

    bench.ok(*words)

    assert not (bench.project / ".pyve").exists()


def test_joined_short_flags_of_a_verb_and_of_all_verbs(bench: ProjectBench) -> None:
    bench.init("gamma")

    assert "Would change nothing" in bench.ok("sync", "-nq").stdout
    assert bench.ok("run", "-qv", "gamma").stdout == "gamma 1.0\n"
    assert bench.ok("run", "python", "-c", "import sys; print(sys.argv[1:])", "-qy").stdout == "['-qy']\n"
    assert bench.run("sync", "-nx").exit_status == 2


def test_project_option_before_and_after_the_verb(bench: ProjectBench, tmp_path: Path) -> None:
    bench.init("gamma")
    project = str(bench.project)
    for option in (["--project", project], [f"--project={project}"]):
        assert bench.ok(*option, "status", "--json", cwd=tmp_path).data["project"] == project
        assert bench.ok("status", *option, "--json", cwd=tmp_path).data["project"] == project
    name = bench.project.name
    assert bench.ok("status", "--json", "--project", name, cwd=bench.project.parent).data["project"] == project


def test_of_a_misspelt_option_the_nearest_is_named_alone(bench: ProjectBench) -> None:
    assert bench.run("sync", "--ofline").stderr.splitlines()[-1] == "hint: did you mean --offline?"


def failures() -> Mapping[str, tuple[list[str], int]]:
    """Command lines that fail in an empty directory, with their exit status."""
    return {
        "usage": (["sync", "--nosuch"], 2),
        "no project": (["status"], 4),
        "no project to run in": (["run", "true"], 125),
        "no such project": (["--project", "/no/such/place", "init"], 4),
        "no such python": (["init", "3.99"], 5),
        "no such backend": (["init", "--backend", "docker"], 2),
        "no such extra": (["init", "--extra", "nosuch"], 3),
        "no such group": (["init", "--group", "nosuch"], 3),
    }


@pytest.mark.parametrize("name", failures())
def test_failure_is_one_document_and_nothing_else(bench: ProjectBench, name: str) -> None:
    words, exit_status = failures()[name]

    ran = bench.run("--json", *words)

    document = json.loads(ran.stdout)
    assert set(document) == ENVELOPE
    assert (ran.exit_status, document["exit_status"]) == (exit_status, exit_status), ran.stdout
    assert (document["status"], document["data"]) == ("error", None)
    assert document["problems"][0]["message"]
    assert ran.stderr == ""


@pytest.mark.parametrize("name", failures())
def test_failure_in_words_goes_to_stderr(bench: ProjectBench, name: str) -> None:
    words, exit_status = failures()[name]

    ran = bench.run(*words)

    assert (ran.exit_status, ran.stdout) == (exit_status, "")
    assert ran.stderr.startswith(("error: ", "pyve: "))


def test_build_that_fails_is_one_document(bench: ProjectBench) -> None:
    bench.require("nosuchthing")

    ran = bench.run("init", "--json")

    assert set(ran.json) == ENVELOPE
    assert ran.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_interrupted_command_is_one_document(bench: ProjectBench) -> None:
    from pyve.system.file_lock import hold_lock

    bench.init("gamma")
    with hold_lock(bench.state / "lock"):
        process = bench.start("sync", "--json", start_new_session=True)
        with pytest.raises(subprocess.TimeoutExpired):
            process.communicate(timeout=2)
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate()

    assert process.returncode == 130
    assert json.loads(stdout)["problems"][0]["code"] == "interrupted"
    assert "Traceback" not in stderr


def test_result_goes_to_stdout_and_progress_to_stderr(bench: ProjectBench) -> None:
    bench.require("gamma")

    ran = bench.ok("init")

    assert "built" in ran.stdout
    assert "built" not in ran.stderr
    assert "Installing" in ran.stderr
    assert "Installing" not in ran.stdout


@pytest.mark.posix("a pipe of the shell")
def test_reader_that_goes_away_is_no_failure(bench: ProjectBench) -> None:
    bench.init("gamma")
    finished = subprocess.run(
        ["sh", "-c", '"$@" | true', "sh", *bench.command("list", "--json")],
        cwd=bench.project, env=bench.variables(), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert finished.stderr == ""


def on_a_terminal(bench: ProjectBench, *words: str, answer: str = "", **env: str) -> tuple[int, str]:
    """Exit status and text of pyve on a pseudo-terminal, after `answer` was typed."""
    pexpect = pytest.importorskip("pexpect")
    command = bench.command(*words)
    child = pexpect.spawn(
        command[0], command[1:], cwd=str(bench.project), env={**bench.variables(), **env}, encoding="utf-8",
        timeout=30, dimensions=(40, 200),
    )  # fmt: skip
    if answer:
        child.expect_exact("[y/N]")
        child.send(answer)
    child.expect(pexpect.EOF)
    text = child.before
    child.close()
    return child.exitstatus, text


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
class TestPrompts:
    def test_is_shown_on_a_terminal_and_no_is_no(self, bench: ProjectBench) -> None:
        bench.init("gamma")

        for answer in ("n\r", "\r", "\x04", "maybe\r"):
            on_a_terminal(bench, "purge", answer=answer)
            assert bench.ok("run", "gamma").stdout == "gamma 1.0\n"

    def test_yes_is_yes(self, bench: ProjectBench) -> None:
        bench.init("gamma")

        exit_status, _ = on_a_terminal(bench, "purge", answer="y\r")

        assert exit_status == 0
        assert not (bench.project / ".pyve").exists()

    def test_is_never_shown_in_ci(self, bench: ProjectBench) -> None:
        bench.init("gamma")

        _, text = on_a_terminal(bench, "purge", CI="1")

        assert "[y/N]" not in text
        assert bench.ok("run", "gamma").stdout == "gamma 1.0\n"

    def test_is_never_shown_without_a_terminal(self, bench: ProjectBench) -> None:
        bench.init("gamma")

        ran = bench.run("purge")

        assert "[y/N]" not in ran.stdout + ran.stderr
        assert "--yes" in ran.stderr
        assert bench.ok("run", "gamma").stdout == "gamma 1.0\n"

    def test_force_does_not_stand_in_for_yes(self, bench: ProjectBench) -> None:
        bench.init("gamma")

        assert bench.run("purge", "--force").exit_status == 2
        assert bench.ok("run", "gamma").stdout == "gamma 1.0\n"


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_no_colour_where_none_is_wanted(bench: ProjectBench) -> None:
    bench.init("gamma")

    assert "\x1b[" in on_a_terminal(bench, "status", TERM="xterm-256color")[1]
    assert "\x1b[" not in on_a_terminal(bench, "status", TERM="xterm-256color", NO_COLOR="1")[1]
    assert "\x1b[" not in on_a_terminal(bench, "status", "--no-color", TERM="xterm-256color")[1]
    assert "\x1b[" not in on_a_terminal(bench, "status", TERM="dumb")[1]


def test_bug_is_told_with_a_file_and_no_traceback(bench: ProjectBench, tmp_path: Path) -> None:
    bench.init("gamma")
    # a directory where a state file should be is what nobody foresees
    (bench.state / "choices.json").unlink(missing_ok=True)
    (bench.state / "choices.json").mkdir()

    ran = bench.run("status", "--json", env={"TMPDIR": str(tmp_path)})

    assert (ran.exit_status, ran.code) == (70, "internal")
    (file,) = tmp_path.glob("pyve-bug-*")
    assert str(file) in ran.json["problems"][0]["message"]
    assert "Traceback" in file.read_text()


def test_setting_something_where_no_project_is_changes_nothing(bench: ProjectBench) -> None:
    refused = bench.run("config", "set", "python", "3.12", "--json")

    assert (refused.exit_status, refused.code) == (4, "no-project")
    assert list(bench.project.iterdir()) == []
