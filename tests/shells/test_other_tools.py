"""Other tools that change an environment, at work in the same shell."""

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shells.conftest import OpenShell
from tests.support.activation_stage import Stage
from tests.support.shell_languages import ShellLanguage, quote
from tests.support.shell_terminal import ShellTerminal

OUTER_PATH = "/usr/local/bin:/usr/bin:/bin"


@pytest.fixture(scope="module")
def virtual_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stock virtual environment, with the activate scripts of this Python's venv."""
    place = tmp_path_factory.mktemp("made by hand") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True, capture_output=True)
    return place


def _activate(terminal: ShellTerminal, language: ShellLanguage, place: Path) -> None:
    script = place / "bin" / ("activate.fish" if language.name == "fish" else "activate")
    terminal.do(language.source(str(script)))


def test_an_environment_that_is_activated_by_hand_inside_a_project_survives_leaving_it(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage, virtual_environment: Path
) -> None:
    stage.make_project(root)
    terminal = shell(root)
    _activate(terminal, language, virtual_environment)
    terminal.prompt()
    assert terminal.environment()["VIRTUAL_ENV"] == str(virtual_environment)
    assert terminal.path()[0] == str(virtual_environment / "bin")
    terminal.cd(base)
    after = terminal.environment()
    assert after["VIRTUAL_ENV"] == str(virtual_environment)
    assert after["PATH"] == f"{virtual_environment / 'bin'}:{OUTER_PATH}"


def test_a_stock_deactivate_after_leaving_does_not_bring_our_entries_back(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage, virtual_environment: Path
) -> None:
    stage.make_project(root)
    terminal = shell(root)
    _activate(terminal, language, virtual_environment)
    terminal.cd(base)
    terminal.do("deactivate")
    terminal.prompt()
    after = terminal.environment()
    assert after["PATH"] == OUTER_PATH
    assert ".pyve" not in after.get("VIRTUAL_ENV", "")


def test_an_environment_that_was_activated_by_hand_before_comes_back_on_leaving(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage, virtual_environment: Path
) -> None:
    snippet = stage.make_project(root)
    terminal = shell()
    _activate(terminal, language, virtual_environment)
    before = terminal.snapshot()
    terminal.cd(root)
    assert terminal.path()[0] == snippet.bin[0]
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable
    terminal.do("deactivate")
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_an_editor_that_activates_the_same_environment_again_leaves_nothing_behind(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    snippet = stage.make_project(root)
    place = Path(snippet.set["VIRTUAL_ENV"])
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True, capture_output=True)
    stage.write_references(snippet)
    terminal = shell(root)
    # An extension adds it to PATH itself (the stock script of some Pythons cannot stand such a name).
    terminal.do(language.export("PATH", ":".join([snippet.bin[0], *terminal.path()])))
    terminal.do(language.export("VIRTUAL_ENV", str(place)))
    terminal.cd(base)
    after = terminal.environment()
    assert after["PATH"] == OUTER_PATH
    assert "VIRTUAL_ENV" not in after


def test_a_tool_that_puts_an_old_path_back_does_not_bring_our_entries_back(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    snippet = stage.make_project(root)
    terminal = shell(root, variables={"DIRENV_DIFF": "eJz-"})
    # What direnv does: it saved a PATH with our entries when it was loaded, and puts that back after we have left.
    saved = terminal.environment()["PATH"]
    assert snippet.bin[0] in saved
    restore = [language.export("PATH", saved), language.unset("DIRENV_DIFF"), language.export("RESTORED", "1")]
    tests = {"fish": 'if set -q DIRENV_DIFF; and test "$PWD" = {place}; {acts}; end'}
    test = tests.get(language.name, 'if [ -n "${{DIRENV_DIFF-}}" ] && [ "$PWD" = {place} ]; then {acts}; fi')
    body = test.format(place=quote(language, str(base)), acts="; ".join(restore))
    terminal.do(language.define_function("restore", body), language.follow_prompt_and_cd("restore"))
    terminal.cd(base)
    terminal.prompt()
    after = terminal.environment()
    assert after["RESTORED"] == "1"
    assert after["PATH"] == OUTER_PATH


def test_a_tool_that_puts_back_a_path_without_our_entries_is_no_error(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell(root, variables={"DIRENV_DIFF": "eJz-"})
    terminal.do(language.export("PATH", "/usr/bin:/bin"), language.unset("DIRENV_DIFF"))
    assert terminal.prompt() == ""
    terminal.cd(base)
    assert terminal.environment()["PATH"] == "/usr/bin:/bin"


@pytest.mark.parametrize("order", ["direnv first", "pyve first"])
def test_direnv_and_the_hook_end_where_they_began(
    shell: OpenShell, stage: Stage, base: Path, language: ShellLanguage, tmp_path: Path, home: Path, order: str
) -> None:
    program = shutil.which("direnv")
    if program is None:
        pytest.skip("direnv is not installed")
    root = tmp_path / "a project"  # direnv itself runs a more hostile name as code
    snippet = stage.make_project(root)
    (root / ".envrc").write_text("export OF_DIRENV=1\nPATH_add of-direnv\n", encoding="utf-8")
    stage.write_references(snippet)
    environment = {**os.environ, "HOME": str(home)}
    subprocess.run([program, "allow", str(root)], check=True, capture_output=True, env=environment)
    evaluate = {"fish": f"{program} hook fish | source"}
    hook = [evaluate.get(language.name, f'eval "$({program} hook {language.name})"')]
    first = order == "direnv first"
    terminal = shell(before=hook if first else [], after=[] if first else hook)
    before = terminal.environment()
    terminal.cd(root)
    terminal.prompt()
    inside = terminal.environment()
    assert inside["OF_DIRENV"] == "1"
    assert {snippet.bin[0], str(root / "of-direnv")} <= set(inside["PATH"].split(":"))
    terminal.cd(base)
    terminal.prompt()
    after = terminal.environment()
    assert after["PATH"] == OUTER_PATH
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed <= {"OLDPWD", "_", "PWD"}


# What `pyve activate --exports` prints, for the snippet that was kept in a file.
EXPORTS = """
import os, pickle, sys
from pyve.activation.dialects import DIALECTS
from pyve.activation.process_environment import expose_project
from pyve.activation.statements import render_exports
snippet = pickle.load(open(sys.argv[1], "rb"))
print(render_exports(DIALECTS["bash"], os.environ, expose_project(os.environ, snippet)))
"""


@pytest.mark.parametrize("order", ["direnv first", "pyve first"])
@pytest.mark.parametrize("kind", ["of pyve", "of another environment"])
def test_projects_with_direnv_and_without_leave_nothing_of_each_other(
    shell: OpenShell,
    stage: Stage,
    base: Path,
    language: ShellLanguage,
    tmp_path: Path,
    home: Path,
    order: str,
    kind: str,
) -> None:
    program = shutil.which("direnv")
    if program is None:
        pytest.skip("direnv is not installed")
    snippet, plain = stage.make_project(tmp_path / "dv", name="dv"), stage.make_project(tmp_path / "one", name="one")
    envrc = f"export VIRTUAL_ENV='{tmp_path}/by hand'\nPATH_add '{tmp_path}/by hand/bin'\n"
    if kind == "of pyve":
        (tmp_path / "exports.py").write_text(EXPORTS, encoding="utf-8")
        (tmp_path / "snippet").write_bytes(pickle.dumps(snippet))
        envrc = f"""eval "$('{sys.executable}' '{tmp_path}/exports.py' '{tmp_path}/snippet')"\n"""
    (tmp_path / "dv" / ".envrc").write_text(envrc, encoding="utf-8")
    stage.write_references(snippet)
    environment = {**os.environ, "HOME": str(home)}
    subprocess.run([program, "allow", snippet.root], check=True, capture_output=True, env=environment)
    evaluate = {"fish": f"{program} hook fish | source"}
    hook = [evaluate.get(language.name, f'eval "$({program} hook {language.name})"')]
    first = order == "direnv first"
    terminal = shell(before=hook if first else [], after=[] if first else hook)
    before = terminal.environment()
    for _ in range(2):
        terminal.cd(snippet.root)
        for _ in range(2):
            terminal.cd(plain.root)
            terminal.prompt()
            inside = terminal.environment()
            assert inside["PATH"] == f"{plain.bin[0]}:{OUTER_PATH}"
            assert {name: inside[name] for name in plain.set} == plain.set
            terminal.cd(snippet.root)
            assert "DIRENV_DIFF" in terminal.environment()
        terminal.cd(base)
        terminal.prompt()
        after = terminal.environment()
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        assert changed <= {"OLDPWD", "_", "PWD"}


@pytest.mark.parametrize("language", ["bash"], indirect=True)
def test_tools_that_watch_commands_through_a_debug_trap_go_on_working(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    snippet = stage.make_project(root)
    watch = [
        "preexec() { last=$BASH_COMMAND; }",
        "precmd() { prompts=$((${prompts-0} + 1)); }",
        "trap 'preexec' DEBUG",
        "PROMPT_COMMAND='precmd;'",
    ]
    terminal = shell(before=watch, after=['PROMPT_COMMAND="${PROMPT_COMMAND%;}; :"'])
    terminal.cd(root)
    assert terminal.path()[0] == snippet.bin[0]
    assert terminal.type('[ "$prompts" -gt 1 ] && trap -p DEBUG') == "trap -- 'preexec' DEBUG\n"
    terminal.cd(base)
    assert terminal.environment()["PATH"] == OUTER_PATH
