"""What changes while a shell is open: snippets that come and go, watched files, the state directory itself."""

import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.activation.dialects import DIALECTS
from tests.shells.conftest import OpenShell
from tests.support.activation_stage import Stage, make_environment, mirror
from tests.support.shell_languages import ShellLanguage

OUTER_PATH = "/usr/local/bin:/usr/bin:/bin"


def test_a_project_that_is_registered_from_another_terminal_is_entered_at_the_next_prompt(
    shell: OpenShell, stage: Stage, root: Path
) -> None:
    make_environment(root)
    terminal = shell(root)
    assert terminal.environment()["PATH"] == OUTER_PATH
    snippet = stage.register(stage.describe(root))
    terminal.prompt()
    assert terminal.path()[0] == snippet.bin[0]


def test_a_project_that_is_denied_from_another_terminal_is_left_at_the_next_prompt(
    shell: OpenShell, stage: Stage, root: Path
) -> None:
    stage.make_project(root)
    terminal = shell(root)
    stage.forget(root)
    terminal.prompt()
    assert terminal.environment()["PATH"] == OUTER_PATH
    assert terminal.prompt_prefix == ""


def test_another_environment_of_the_same_project_replaces_the_first(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    first = stage.make_project(root)
    terminal = shell()
    before = terminal.snapshot()
    terminal.cd(root)
    other = root / ".pyve" / "envs" / "other"
    shutil.copytree(root / ".pyve" / "envs" / "1f2e3d4c-00000001", other)
    second = replace(
        first,
        probe=str(other / "bin" / "python"),
        bin=(str(other / "bin"),),
        set={"VIRTUAL_ENV": str(other), "ONLY_HERE": "1"},
    )
    stage.write(second)
    terminal.prompt()
    inside = terminal.environment()
    assert inside["PATH"] == f"{second.bin[0]}:{OUTER_PATH}"
    assert (inside["VIRTUAL_ENV"], inside["ONLY_HERE"]) == (str(other), "1")
    assert "VIRTUAL_ENV_PROMPT" not in inside
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_the_root_directory_is_outside_of_a_project_after_another_has_come(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path
) -> None:
    stage.make_project(root)
    terminal = shell(root)
    stage.make_project(tmp_path / "another")
    terminal.prompt()
    terminal.cd(Path("/"))
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_what_happens_to_other_projects_does_not_touch_this_shell(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path
) -> None:
    stage.make_project(root)
    terminal = shell(root)
    inside = terminal.snapshot()
    stage.make_project(tmp_path / "another")
    stage.forget(tmp_path / "another")
    assert terminal.prompt() == ""
    assert terminal.snapshot().comparable == inside.comparable


def test_a_watched_file_that_changes_asks_pyve_once(shell: OpenShell, stage: Stage, root: Path) -> None:
    stage.make_project(root)
    terminal = shell(root)
    terminal.prompt()
    assert stage.asked() == []
    stage.change(root / "requirements.txt")
    for _ in range(3):
        assert terminal.prompt() == ""
    assert stage.asked() == [["a b", "shell-env", "--project", str(root)]]


@pytest.mark.parametrize("act", ["appears", "goes", "is renamed"])
def test_a_file_that_comes_or_goes_asks_pyve_once(shell: OpenShell, stage: Stage, root: Path, act: str) -> None:
    stage.make_project(root)
    terminal = shell(root)
    if act == "appears":
        (root / "pylock.toml").touch()
    elif act == "goes":
        (root / "requirements.txt").unlink()
    else:
        (root / "requirements.txt").rename(root / "requirements.in")
    for _ in range(3):
        assert terminal.prompt() == ""
    assert stage.asked() == [["a b", "shell-env", "--project", str(root)]]


def test_pyve_is_asked_again_after_the_next_cd(shell: OpenShell, stage: Stage, root: Path, base: Path) -> None:
    stage.make_project(root)
    terminal = shell(root)
    stage.change(root / "requirements.txt")
    terminal.prompt()
    terminal.cd(base)
    terminal.cd(root)
    terminal.prompt()
    assert len(stage.asked()) == 2


def test_a_shell_that_got_no_answer_notices_what_is_written_later(shell: OpenShell, stage: Stage, root: Path) -> None:
    """As while a long build goes on: pyve can settle nothing, and what the build makes comes later."""
    first = stage.make_project(root)
    terminal = shell(root)
    stage.change(root / "requirements.txt")
    terminal.prompt()
    terminal.prompt()
    assert len(stage.asked()) == 1
    second = stage.register(replace(first, set={**first.set, "ONLY_NOW": "1"}))
    assert second.serial != first.serial
    terminal.prompt()
    assert terminal.environment()["ONLY_NOW"] == "1"


def test_an_answer_is_entered_at_the_same_prompt(shell: OpenShell, stage: Stage, root: Path, tmp_path: Path) -> None:
    first = stage.make_project(root)
    other = root / ".pyve" / "envs" / "other"
    shutil.copytree(root / ".pyve" / "envs" / "1f2e3d4c-00000001", other)
    terminal = shell(root)
    prepared = Stage.build(tmp_path / "prepared")
    second = replace(first, probe=str(other / "bin" / "python"), bin=(str(other / "bin"),))
    prepared.write(replace(second, reference=first.reference))
    folder, new = mirror(stage.state, root), mirror(prepared.state, root)
    # What pyve does: new snippets in place of the old ones, and a reference of their serial instead of the old one.
    stage.write(first)
    stage.answer(
        f"cp {_sh(new)}/@act.* {_sh(folder)}/\n"
        f"rm {_sh(first.reference)}*\n"
        f"touch {_sh(first.reference + second.serial)} {_sh(first.reference + second.serial)}.coarse\n"
    )
    stage.change(root / "requirements.txt")
    terminal.prompt()
    assert terminal.environment()["PATH"] == f"{second.bin[0]}:{OUTER_PATH}"
    assert len(stage.asked()) == 1


def test_a_reference_that_is_moved_on_ends_the_asking(shell: OpenShell, stage: Stage, root: Path) -> None:
    snippet = stage.make_project(root)
    terminal = shell(root)
    reference = snippet.reference + snippet.serial
    stage.answer(f"touch {_sh(reference)} {_sh(reference)}.coarse")
    stage.change(root / "requirements.txt")
    terminal.prompt()
    terminal.prompt()
    assert len(stage.asked()) == 1
    stage.write_references(snippet)
    stage.change(root / "requirements.txt")
    terminal.prompt()
    assert len(stage.asked()) == 2


def test_a_notice_is_said_once(shell: OpenShell, stage: Stage, root: Path, base: Path) -> None:
    snippet = stage.make_project(root)
    terminal = shell(root)
    said = stage.say(snippet, "the environment is out of date: pyve sync $(touch pwned) %n \\n")
    assert f"pyve: {said.notice}\n" in terminal.prompt()
    assert terminal.prompt() == ""
    (root / "below").mkdir()
    assert "pyve:" not in terminal.cd(root / "below")
    stage.write(snippet)
    assert terminal.prompt() == ""


def test_pyve_that_cannot_be_started_is_no_error(shell: OpenShell, stage: Stage, root: Path, base: Path) -> None:
    stage.make_project(root)
    terminal = shell(root)
    inside = terminal.snapshot()
    stage.command.unlink()
    stage.change(root / "requirements.txt")
    assert terminal.prompt() == ""
    assert terminal.snapshot().comparable == inside.comparable
    terminal.cd(base)
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_what_pyve_says_on_stderr_is_seen_and_stdout_is_not(shell: OpenShell, stage: Stage, root: Path) -> None:
    stage.make_project(root)
    terminal = shell(root)
    stage.answer("echo to stdout; echo to stderr >&2; read line && echo read; exit 3")
    stage.change(root / "requirements.txt")
    assert terminal.prompt() == "to stderr\n"


def test_a_network_project_is_not_watched_until_the_next_cd(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    stage.make_project(root)
    stage.write(replace(stage.describe(root), watch_on_cd=True))
    terminal = shell(root)
    stage.change(root / "requirements.txt")
    terminal.prompt()
    assert stage.asked() == []
    terminal.cd(base)
    terminal.cd(root)
    assert len(stage.asked()) == 1


def test_an_environment_that_is_not_there_is_said_once_and_changes_nothing(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    snippet = stage.make_project(root)
    shutil.rmtree(root / ".pyve")
    stage.write_references(snippet)
    terminal = shell()
    before = terminal.snapshot()
    assert f"pyve: {snippet.missing}" in terminal.cd(root)
    assert "pyve:" not in terminal.prompt()
    assert terminal.environment()["PATH"] == OUTER_PATH
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_an_environment_that_is_deleted_while_it_is_active_is_left_as_ever(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    stage.make_project(root)
    terminal = shell()
    before = terminal.snapshot()
    terminal.cd(root)
    shutil.rmtree(root / ".pyve")
    terminal.prompt()
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_leaving_needs_neither_pyve_nor_its_state(shell: OpenShell, stage: Stage, root: Path, base: Path) -> None:
    stage.make_project(root)
    terminal = shell()
    before = terminal.snapshot()
    terminal.cd(root)
    shutil.rmtree(stage.state)
    stage.command.unlink()
    shutil.rmtree(root)
    terminal.prompt()
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_of_an_environment_that_is_gone_one_line_is_said_and_pyve_is_not_started(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    snippet = stage.make_project(root)
    os.unlink(snippet.probe)
    stage.change(root / "requirements.txt")
    terminal = shell(base)
    assert terminal.cd(root) == f"pyve: {snippet.missing}\n"
    terminal.cd(base)
    assert terminal.cd(root) == ""
    assert terminal.prompt() == ""
    assert stage.asked() == []


def test_a_missing_state_directory_is_no_error(shell: OpenShell, stage: Stage, root: Path, tmp_path: Path) -> None:
    snippet = stage.make_project(root)
    aside = tmp_path / "aside"
    terminal = shell()
    stage.state.rename(aside)
    assert terminal.cd(root) == ""
    assert terminal.prompt() == ""
    assert terminal.environment()["PATH"] == OUTER_PATH
    aside.rename(stage.state)
    terminal.prompt()
    assert terminal.environment()["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"


def test_a_shell_that_was_open_before_the_first_project_notices_it(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path, language: ShellLanguage
) -> None:
    make_environment(root)
    hook = stage.hook(DIALECTS[language.name]).rename(tmp_path / "hook")
    shutil.rmtree(stage.state)
    terminal = shell(root, hooked=False, after=[language.source(str(hook))])
    assert terminal.prompt() == ""
    snippet = stage.register(stage.describe(root))
    terminal.prompt()
    assert terminal.environment()["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"


@pytest.mark.parametrize("text", ["", "no number\n", "../../etc\n", "1", "$(touch pwned)\n"])
def test_a_damaged_generation_is_no_error(shell: OpenShell, stage: Stage, root: Path, text: str) -> None:
    snippet = stage.make_project(root)
    (stage.state / "generation").write_text(text, encoding="utf-8")
    terminal = shell()
    assert terminal.cd(root) == ""
    assert terminal.path()[0] == snippet.bin[0]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"this is (not a snippet\n"], ids=["empty", "bytes", "text"])
def test_a_damaged_snippet_enters_nothing(
    shell: OpenShell, stage: Stage, root: Path, base: Path, content: bytes
) -> None:
    stage.make_project(root)
    for file in mirror(stage.state, root).glob("@act.*"):
        file.write_bytes(content)
    terminal = shell()
    terminal.cd(root)
    assert terminal.environment()["PATH"] == OUTER_PATH
    terminal.cd(base)
    assert terminal.prompt() == ""


def test_a_snippet_of_another_version_is_said_once_and_not_entered(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    stage.make_project(root)
    for file in mirror(stage.state, root).glob("@act.*"):
        text = file.read_bytes()
        changed = re.sub(rb"(__pyve_s_format[ =]+)1", rb"\g<1>2", text)
        assert changed != text
        file.write_bytes(changed)
    terminal = shell()
    assert "pyve: the hook of this shell is of another version" in terminal.cd(root)
    assert terminal.prompt() == ""
    assert terminal.environment()["PATH"] == OUTER_PATH
    terminal.cd(base)
    assert "pyve" not in terminal.cd(root)


def test_many_terminals_follow_the_same_change(shell: OpenShell, stage: Stage, root: Path) -> None:
    snippet = stage.make_project(root)
    terminals = [shell(root) for _ in range(3)]
    stage.forget(root)
    for terminal in terminals:
        terminal.prompt()
        assert terminal.environment()["PATH"] == OUTER_PATH
    stage.register(snippet)
    for terminal in terminals:
        terminal.prompt()
        assert terminal.path()[0] == snippet.bin[0]


def _sh(path: Path | str) -> str:
    return "'" + str(path).replace("'", "'\\''") + "'"
