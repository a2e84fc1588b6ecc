"""Trust: what a repository brings does nothing until its owner said so here, and then what was shown and no more."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.project_bench import ProjectBench, Ran
from tests.support.stored_project import take_picture

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "reference" / "output.schema.json"
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="links and shells of POSIX")
Bash = Callable[..., str]


@pytest.fixture
def bash(bench: ProjectBench, need_program: Callable[[str], str], tmp_path: Path) -> Bash:
    """An interactive bash with pyve's hook that starts outside of the project; what it printed on both streams."""
    if sys.platform == "win32":
        pytest.skip("the hook of bash is for POSIX")
    program = need_program("bash")

    def run(*commands: str) -> str:
        hook = bench.ok("hook", "bash").stdout
        finished = subprocess.run(
            [program, "--norc", "--noprofile", "-i"],
            cwd=tmp_path,
            env=bench.variables({"PS1": "", "HISTFILE": None, "PROMPT_COMMAND": None}),
            input="\n".join([hook, f"cd {shlex.quote(str(bench.project))}", *commands, "exit 0", ""]),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=True,
        )
        return finished.stdout

    return run


def with_env(bench: ProjectBench, text: str) -> ProjectBench:
    """The project names .env, which says `text`."""
    bench.write("pyve.toml", 'env-file = ".env"\n')
    bench.write(".env", text)
    return bench


def value_in_run(bench: ProjectBench, name: str, *, cwd: Path | None = None) -> str | None:
    """What a command gets as the variable `name`."""
    code = f"import json, os; print(json.dumps(os.environ.get({name!r})))"
    value: str | None = json.loads(bench.ok("run", "--", "python", "-c", code, cwd=cwd).stdout)
    return value


def valid(ran: Ran) -> Any:
    """The data of the document, which the schema describes."""
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(ran.json)
    return ran.data


# --- a repository that nobody has allowed -------------------------------------------------------


@needs_posix
def test_a_cloned_repository_does_nothing_whatever_it_brings(bench: ProjectBench, bash: Bash, tmp_path: Path) -> None:
    pwned = tmp_path / "pwned"
    with_env(bench, f"EVIL=$(touch {pwned})\n")
    for place in (".venv/bin", ".pyve/envs/0123abcd-0123abcd/bin", ".pyve/env/bin"):
        for name in ("python", "ls", "activate"):
            script = bench.write(f"{place}/{name}", f"#!/bin/sh\ntouch {pwned}\n")
            script.chmod(0o755)
    bench.write("@act.bash", f"touch {pwned}\n")
    bench.write(".pyve/@act.bash", f"touch {pwned}\n")

    printed = bash("env | sort > ../after", "ls > /dev/null", 'echo "[$PATH]"')

    assert not pwned.exists()
    assert "[" + os.environ["PATH"] + "]" in printed
    assert not any(line.startswith(("EVIL=", "VIRTUAL_ENV=")) for line in (tmp_path / "after").read_text().splitlines())
    assert not bench.state.exists()


def test_allow_registers_no_environment_that_came_with_the_repository(bench: ProjectBench) -> None:
    bench.write("requirements.txt", "")
    bench.write(".pyve/envs/0123abcd-0123abcd/pyvenv.cfg", "home = /usr/bin\n")

    assert bench.ok("allow", "--json").data["environment"] is None

    assert bench.run("run", "--", "python").exit_status == 125


@pytest.mark.parametrize(
    "name", ["../secret", "a/../../secret", "~/secret", "/etc/hostname", "C:/secret", "\\\\host\\x"]
)
def test_an_env_file_outside_of_the_project_is_no_setting(bench: ProjectBench, name: str) -> None:
    (bench.project.parent / "secret").write_text("TOKEN=hidden\n")
    bench.write("pyve.toml", f"env-file = '{name}'\n")

    ran = bench.run("allow", "--yes", "--json")

    assert (ran.exit_status, ran.code) == (3, "config-invalid")
    assert not bench.state.exists()


@needs_posix
@pytest.mark.parametrize("linked", ["file", "directory"])
def test_an_env_file_that_is_a_link_to_a_secret_is_neither_read_nor_shown(bench: ProjectBench, linked: str) -> None:
    secrets = bench.home / ".ssh"
    secrets.mkdir()
    (secrets / "id").write_text("KEY=hidden\n")
    name = "keys/id" if linked == "directory" else ".env"
    bench.write("pyve.toml", f'env-file = "{name}"\n')
    (bench.project / name.partition("/")[0]).symlink_to(secrets if linked == "directory" else secrets / "id")

    ran = bench.run("allow", "--yes", "--json")

    assert (ran.exit_status, ran.code) == (7, "refused")
    assert "hidden" not in ran.stdout + ran.stderr
    assert not bench.state.exists()


@pytest.mark.parametrize(
    "name", ["PATH", "LD_PRELOAD", "BASH_ENV", "PROMPT_COMMAND", "PYTHONHOME", "VIRTUAL_ENV", "HOME"]
)
def test_a_variable_that_no_repository_may_set_is_refused_with_its_line(bench: ProjectBench, name: str) -> None:
    with_env(bench, f"FINE=1\n{name}=/evil\n")

    ran = bench.run("allow", "--yes")

    assert ran.exit_status == 7
    assert f".env:2: {name}" in ran.stderr
    assert not bench.state.exists()


@pytest.mark.parametrize("text", ["A=1\nB='open\n", "A=1\nno-name=x\n", "A=1\nB=${HOME}\n"])
def test_an_env_file_that_cannot_be_understood_approves_nothing(bench: ProjectBench, text: str) -> None:
    ran = with_env(bench, text).run("allow", "--json")

    assert (ran.exit_status, ran.code) == (3, "env-file-invalid")
    assert ran.json["problems"][0]["message"].startswith(".env:2: ")
    assert not bench.state.exists()


# --- what is approved -----------------------------------------------------------------------------


def test_what_a_shell_would_obey_arrives_as_it_is_written(bench: ProjectBench, bash: Bash, tmp_path: Path) -> None:
    pwned = tmp_path / "pwned"
    value = f"$(touch {pwned}) `touch {pwned}` \"$HOME\" 'x' \\ %n !! ; touch {pwned}\nsecond line"
    bench.init("gamma")
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    with_env(bench, f"A='{escaped}'\n")
    bench.ok("allow")

    bash('printf %s "$A" > ../A')

    assert (tmp_path / "A").read_text() == value
    assert value_in_run(bench, "A") == value
    assert not pwned.exists()


def test_every_value_is_shown_and_no_terminal_obeys_it(bench: ProjectBench) -> None:
    with_env(bench, "A=plain\nB='two\nlines'\nC=\x1b[2J\u202e\n")

    shown = bench.ok("allow").stdout

    assert "A=plain" in shown
    assert "B='two\\nlines'" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_variables_come_and_go_with_the_directory_also_without_an_environment(bench: ProjectBench, bash: Bash) -> None:
    with_env(bench, "A=1\nexport B=\n").ok("allow")

    printed = bash('echo "in [$A:${B-unset}]"', "cd ..", 'echo "out [${A-unset}:${B-unset}]"')

    assert "in [1:]" in printed
    assert "out [unset:unset]" in printed


def test_a_change_after_it_was_approved_does_nothing_and_is_said(bench: ProjectBench, bash: Bash) -> None:
    bench.init("gamma")
    with_env(bench, "A=approved\n").ok("allow")
    bench.write(".env", "A=changed\nPATH=/evil\n")

    printed = bash('echo "[$A]"')

    assert "[approved]" in printed
    assert printed.count(".env is not as it was approved") == 1
    assert value_in_run(bench, "A") == "approved"
    assert ".env is not as it was approved" in bench.run("status").stderr
    bench.ok("sync")
    assert value_in_run(bench, "A") == "approved"


def test_what_was_said_of_a_change_goes_when_the_file_is_put_back(bench: ProjectBench, bash: Bash) -> None:
    bench.init("gamma")
    with_env(bench, "A=1\n").ok("allow")
    bench.write(".env", "A=2\n")
    assert "not as it was approved" in bash("true")
    bench.write(".env", "A=1\n")

    bash("true")

    assert "not as it was approved" not in bash("true")


def test_neither_init_nor_sync_takes_an_env_file_in(bench: ProjectBench) -> None:
    with_env(bench, "A=1\n")
    bench.init("gamma")
    said = bench.ok("sync").stderr

    assert value_in_run(bench, "A") is None
    assert ".env is not taken in until: pyve allow" in said
    assert "pyve allow" in bench.ok("status").stderr
    bench.ok("allow")
    assert value_in_run(bench, "A") == "1"


def test_an_env_file_that_is_not_named_any_more_is_given_up_by_the_next_allow(bench: ProjectBench) -> None:
    bench.init("gamma")
    with_env(bench, "A=1\n").ok("allow")
    bench.write("pyve.toml", "")
    assert "names no env file any more" in bench.ok("status").stderr

    shown = valid(bench.ok("allow", "--json"))

    assert [(one["name"], one["change"]) for one in shown["variables"]] == [("A", "dropped")]
    assert value_in_run(bench, "A") is None


def test_what_reaches_beyond_the_project_needs_a_yes(bench: ProjectBench) -> None:
    with_env(bench, "A=1\nNODE_OPTIONS=--require ./x.js\n")

    refused = bench.run("allow", "--json")

    assert (refused.exit_status, refused.code) == (1, "not-confirmed")
    assert valid(refused)["dry_run"] is True
    assert refused.json["problems"][0]["hint"] == "pyve allow --yes"
    assert not bench.state.exists()
    bench.ok("allow", "--yes")
    assert valid(bench.ok("allow", "--json"))["asks"] is False, "what was approved is not asked for again"
    with_env(bench, "NODE_OPTIONS=--require ./y.js\n")
    assert bench.run("allow").exit_status == 1


@needs_posix
@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("\x04", 1)])
def test_on_a_terminal_the_answer_counts(bench: ProjectBench, answer: str, status: int) -> None:
    import pexpect

    with_env(bench, "GIT_SSH_COMMAND=./evil\n")
    command, *arguments = bench.command("allow", "--no-color")
    child = pexpect.spawn(
        command, arguments, cwd=str(bench.project), env=bench.variables({"CI": None}), encoding="utf-8"
    )
    child.expect_exact("GIT_SSH_COMMAND=./evil", timeout=60)
    child.expect_exact("Take these variables in?", timeout=60)
    child.send(answer)
    child.expect(pexpect.EOF, timeout=60)
    child.close()

    assert child.exitstatus == status
    assert bench.state.exists() is (status == 0)


def test_a_dry_run_says_the_same_and_changes_nothing(bench: ProjectBench) -> None:
    with_env(bench, "A=1\n")
    before = take_picture(bench.project)

    planned = valid(bench.ok("allow", "--dry-run", "--json"))

    assert take_picture(bench.project) == before
    assert not bench.state.exists()
    assert {**planned, "dry_run": False} == valid(bench.ok("allow", "--json"))


def test_an_env_file_that_is_not_there_is_said_and_no_error(bench: ProjectBench) -> None:
    bench.write("pyve.toml", 'env-file = ".env"\n')

    ran = bench.ok("allow")

    assert ".env is not there" in ran.stderr


# --- which project ---------------------------------------------------------------------------------


def test_allow_without_a_project_is_an_error_that_says_what_to_type(bench: ProjectBench) -> None:
    bench.write(".env", "A=1\n")

    ran = bench.run("allow", "--json")

    assert (ran.exit_status, ran.code) == (4, "no-project")
    assert ran.json["problems"][0]["hint"] == "pyve init"
    assert not bench.state.exists()


@pytest.mark.parametrize("named", ["home", "top", "file"])
def test_what_can_be_no_project_gets_no_hint_to_make_it_one(bench: ProjectBench, named: str) -> None:
    place = {"home": bench.home, "top": Path(bench.home.anchor), "file": bench.write("notes", "")}[named]

    (problem,) = bench.run("allow", str(place), "--json").json["problems"]

    assert problem["code"] == "no-project"
    assert problem["hint"] == "name the project's directory: pyve allow DIR"


def test_a_directory_that_is_named_is_the_project_itself(bench: ProjectBench, tmp_path: Path) -> None:
    bench.init("gamma")
    bench.write("vendor/tool/requirements.txt", "")
    inner = bench.project / "vendor" / "tool"

    assert valid(bench.ok("allow", "--json", cwd=inner))["project"] == str(bench.project)
    assert bench.run("deny", "vendor/tool", "--json").code == "no-project"
    assert valid(bench.ok("allow", "vendor/tool", "--json"))["project"] == str(inner)
    assert valid(bench.ok("deny", str(inner), "--json", cwd=tmp_path))["project"] == str(inner)


@pytest.mark.parametrize("how", ["moved", "copied"])
def test_trust_stays_with_the_path(bench: ProjectBench, tmp_path: Path, how: str) -> None:
    bench.init("gamma")
    with_env(bench, "A=1\n").ok("allow")
    other = bench.at(tmp_path / "elsewhere" / "shop")
    other.project.rmdir()
    if how == "moved":
        bench.project.rename(other.project)
    else:
        shutil.copytree(bench.project, other.project, symlinks=True)

    assert not other.state.exists()
    assert other.run("run", "true").exit_status == 125
    assert other.ok("allow", "--dry-run", "--json").data["before"] == "unknown"


def test_after_purge_the_project_is_unknown_again(bench: ProjectBench) -> None:
    bench.init("gamma")
    with_env(bench, "A=1\n").ok("allow")

    bench.ok("purge", "--yes")

    assert list(bench.state.parent.parent.glob("*/@*")) == []
    assert bench.ok("allow", "--dry-run", "--json").data["before"] == "unknown"


# --- deny ------------------------------------------------------------------------------------------


def test_a_denied_project_does_nothing_on_cd_and_run_still_works(bench: ProjectBench, bash: Bash) -> None:
    bench.init("gamma")
    with_env(bench, "A=1\n").ok("allow")
    assert "[1]" in bash('echo "[$A]"')

    assert valid(bench.ok("deny", "--json"))["env_file"] == ".env"

    assert "[::]" in bash('echo "[$A:$VIRTUAL_ENV:]"')
    assert bench.ok("run", "gamma").exit_status == 0
    assert value_in_run(bench, "A") is None, "the approval of the env file is taken back as well"


def test_only_allow_takes_a_denial_back(bench: ProjectBench, bash: Bash) -> None:
    bench.init("gamma")
    bench.ok("deny")
    assert "was denied" in bench.ok("sync").stderr
    bench.init("gamma", "delta")
    assert "[]" in bash('echo "[$VIRTUAL_ENV]"')

    assert valid(bench.ok("allow", "--json"))["before"] == "denied"

    assert f"[{bench.in_use()}]" in bash('echo "[$VIRTUAL_ENV]"')


@pytest.mark.parametrize("answer", ["allow", "deny"])
def test_a_first_build_that_fails_does_not_forget_what_the_owner_said(bench: ProjectBench, answer: str) -> None:
    with_env(bench, "A=1\n").ok("allow")
    if answer == "deny":
        bench.ok("deny")
    bench.require("no-such-package")

    assert bench.run("sync").exit_status == 6

    (project,) = bench.ok("allow", "--list", "--json").data["projects"]
    assert project["allowed"] is (answer == "allow")
    assert project["env_file_standing"] == ("approved" if answer == "allow" else "new")


def test_denying_what_is_not_registered_is_said(bench: ProjectBench) -> None:
    bench.require("gamma")

    assert bench.run("deny", "--json").code == "no-project"
    assert not bench.state.exists()


def test_a_dry_run_of_deny_changes_nothing(bench: ProjectBench) -> None:
    bench.require()
    bench.ok("allow")
    before = take_picture(bench.state.parent)

    assert valid(bench.ok("deny", "--dry-run", "--json"))["dry_run"] is True

    assert take_picture(bench.state.parent) == before


# --- --list and --prune ----------------------------------------------------------------------------


def test_the_list_says_of_every_project_how_it_stands(bench: ProjectBench, tmp_path: Path) -> None:
    environment = bench.init("gamma")
    with_env(bench, "A=1\n").ok("allow")
    others = {name: bench.at(tmp_path / name) for name in ("changed", "denied", "gone", "new")}
    for name, other in others.items():
        with_env(other, "A=1\n")
        other.ok("allow")
        if name == "new":
            shutil.rmtree(other.state.parent)
            other.write("pyve.toml", "")
            other.ok("allow")
            with_env(other, "A=1\n")
    others["changed"].write(".env", "A=2\n")
    others["denied"].ok("deny")
    shutil.rmtree(others["gone"].project)

    listed = {one["project"]: one for one in valid(bench.ok("allow", "--list", "--json"))["projects"]}

    def standing(name: str) -> tuple[bool, bool, str]:
        one = listed[str(others[name].project)]
        return one["allowed"], one["present"], one["env_file_standing"]

    assert standing("changed") == (True, True, "changed")
    assert standing("denied") == (False, True, "new")
    assert standing("new") == (True, True, "new")
    assert standing("gone")[:2] == (True, False)
    own = listed[str(bench.project)]
    assert (own["environment"], own["env_file"], own["env_file_standing"]) == (str(environment), ".env", "approved")
    text = bench.ok("allow", "--list").stdout
    assert all(str(other.project) in text for other in others.values())


def test_prune_forgets_what_is_gone_and_nothing_else(bench: ProjectBench, tmp_path: Path) -> None:
    bench.ok("config", "set", "--user", "gc.days", "0")
    for line in ("alpha==1.0", "alpha==2.0", "gamma"):  # gc would remove the first
        bench.init(line)
    made = bench.environments()
    gone = bench.at(tmp_path / "gone")
    gone.require()
    gone.ok("allow")
    shutil.rmtree(gone.project)

    refused = bench.run("allow", "--prune", "--json")
    assert (refused.exit_status, refused.code) == (1, "not-confirmed")
    assert refused.json["problems"][0]["hint"] == "pyve allow --prune --yes"
    assert gone.state.exists()

    bench.ok("allow", "--prune", "--yes")

    assert not gone.state.exists()
    assert bench.environments() == made
    assert valid(bench.ok("allow", "--prune", "--json"))["plan"]["remove"] == []


def test_two_things_at_once_are_a_usage_error(bench: ProjectBench) -> None:
    assert bench.run("allow", "--list", "--prune").exit_status == 2
    assert bench.run("allow", ".", "--list").exit_status == 2


# --- the state is the user's own -----------------------------------------------------------------------


@needs_posix
def test_a_state_directory_that_others_may_write_to_is_not_believed(bench: ProjectBench) -> None:
    bench.require()
    bench.ok("allow")
    top = Path(bench.environment["PYVE_STATE_DIR"])
    top.chmod(0o777)

    assert bench.run("allow", "--json").code == "owner-mismatch"
    assert bench.run("run", "true").exit_status == 125
    top.chmod(0o700)


def test_damaged_values_are_not_taken_and_allow_heals_them(bench: ProjectBench) -> None:
    bench.init("gamma")
    with_env(bench, "A=1\n").ok("allow")
    (bench.state / "env-values").write_bytes(b"set=A=2\0")

    ran = bench.run("run", "gamma")

    assert ran.exit_status == 125
    assert "hint: pyve allow" in ran.stderr
    bench.require("delta")
    bench.ok("sync")
    bench.ok("allow")
    assert value_in_run(bench, "A") == "1"
