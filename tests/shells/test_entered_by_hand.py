"""What `pyve activate` prints, evaluated: the project is entered and pinned until `deactivate`, hook or no hook."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.activation.dialects import DIALECTS
from pyve.activation.snippet import Snippet
from pyve.activation.statements import render_activation
from tests.shells.conftest import HOSTILE_NAME, NOT_UTF_8, OpenShell
from tests.support.activation_stage import Stage, make_environment
from tests.support.shell_languages import ShellLanguage, quote
from tests.support.shell_terminal import OWN_STATE, ShellTerminal

OUTER_PATH = "/usr/local/bin:/usr/bin:/bin"


class Statements:
    """What pyve would print for a project, in a file."""

    def __init__(self, folder: Path, language: ShellLanguage) -> None:
        self.folder = folder
        self.language = language
        self.count = 0

    def of(self, snippet: Snippet) -> str:
        """The command that evaluates them."""
        self.count += 1
        file = self.folder / f"statements {self.count}"
        text = render_activation(DIALECTS[self.language.name], snippet)
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        return self.language.source(str(file))


@pytest.fixture
def statements(tmp_path: Path, language: ShellLanguage) -> Statements:
    return Statements(tmp_path, language)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A project's directory beside the first one."""
    return tmp_path / "projects" / "elsewhere"


def visible(terminal: ShellTerminal) -> dict[str, str]:
    """The environment without what a hook says of itself and what commands change."""
    environment = terminal.environment()
    return {name: value for name, value in environment.items() if name not in {"_", "OLDPWD", "PWD", "_PYVE_HOOK"}}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(HOSTILE_NAME, id="all that a careless script runs"),
        pytest.param("@at @ACTIVATION@ @SNIPPET@", id="placeholders"),
        pytest.param(NOT_UTF_8, id="not UTF-8", marks=pytest.mark.linux("other systems keep names in UTF-8")),
    ],
)
def test_deactivate_undoes_it_where_no_hook_and_no_state_is(
    shell: OpenShell, stage: Stage, statements: Statements, tmp_path: Path, name: str
) -> None:
    root = tmp_path / name
    make_environment(root)
    snippet = stage.describe(root)  # written nowhere
    terminal = shell(hooked=False, variables={"PYTHONHOME": "/opt/python", "VIRTUAL_ENV": ""})
    before = visible(terminal)
    enter = statements.of(snippet)

    terminal.do(enter)

    inside = visible(terminal)
    assert inside["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
    assert inside["VIRTUAL_ENV"] == snippet.set["VIRTUAL_ENV"]
    assert inside["_PYVE_PINNED"] == "1"
    assert "PYTHONHOME" not in inside
    assert "the tool of this environment" in terminal.do("tool")
    assert terminal.prompt_prefix == "(shop) "

    terminal.do("deactivate")

    assert visible(terminal) == before
    assert terminal.prompt_prefix == ""
    once = terminal.snapshot()
    terminal.do(enter)
    terminal.do("deactivate")
    assert terminal.snapshot().comparable == once.comparable


def test_again_changes_nothing(shell: OpenShell, stage: Stage, statements: Statements, root: Path) -> None:
    terminal = shell(hooked=False)
    enter = statements.of(stage.make_project(root))
    terminal.do(enter)
    once = terminal.snapshot()

    terminal.do(enter)

    assert terminal.snapshot().comparable == once.comparable


def test_one_project_after_another_leaves_only_the_last(
    shell: OpenShell, stage: Stage, statements: Statements, root: Path, elsewhere: Path
) -> None:
    terminal = shell(hooked=False)
    before = visible(terminal)
    other = replace(stage.make_project(elsewhere, name="elsewhere"), unset=())
    terminal.do(statements.of(stage.make_project(root)))
    terminal.do(statements.of(other))

    inside = visible(terminal)
    assert inside["PATH"] == f"{other.bin[0]}:{OUTER_PATH}"
    assert terminal.prompt_prefix == "(elsewhere) "
    assert "shop" not in {inside[name] for name in inside if name.startswith("_PYVE_")}

    terminal.do("deactivate")
    assert visible(terminal) == before


def test_a_hook_leaves_it_alone_wherever_the_shell_goes(
    shell: OpenShell, stage: Stage, statements: Statements, root: Path, elsewhere: Path, base: Path
) -> None:
    snippet = stage.make_project(root)
    stage.make_project(elsewhere, name="elsewhere")
    terminal = shell()
    before = terminal.snapshot()
    terminal.do(statements.of(snippet))
    inside = visible(terminal)

    for place in (root, elsewhere, base):
        terminal.cd(place)
        assert visible(terminal) == inside

    terminal.do("deactivate")
    assert terminal.snapshot().comparable == before.comparable


def test_after_deactivate_a_hook_enters_where_the_shell_stands(
    shell: OpenShell, stage: Stage, statements: Statements, root: Path, elsewhere: Path, base: Path
) -> None:
    here = stage.make_project(root)
    other = stage.make_project(elsewhere, name="elsewhere")
    terminal = shell()
    before = terminal.snapshot()
    terminal.cd(root)
    terminal.do(statements.of(other))
    assert terminal.environment()["VIRTUAL_ENV"] == other.set["VIRTUAL_ENV"]
    assert terminal.path()[1:] == OUTER_PATH.split(":")

    terminal.do("deactivate")
    terminal.prompt()

    assert terminal.environment()["VIRTUAL_ENV"] == here.set["VIRTUAL_ENV"]
    assert terminal.path() == [*here.bin, *OUTER_PATH.split(":")]
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_an_environment_that_is_not_there_is_said_and_nothing_entered(
    shell: OpenShell, stage: Stage, statements: Statements, root: Path
) -> None:
    root.mkdir(parents=True)
    terminal = shell(hooked=False)
    before = visible(terminal)

    shown = terminal.do(statements.of(stage.describe(root)))

    assert "pyve: the environment of this project is not there" in shown
    assert visible(terminal) == before


def test_a_virtual_environment_activated_by_hand_is_left_first(
    shell: OpenShell, stage: Stage, statements: Statements, language: ShellLanguage, root: Path, tmp_path: Path
) -> None:
    by_hand = tmp_path / "by hand"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", os.fspath(by_hand)], check=True)
    script = by_hand / "bin" / ("activate.fish" if language.name == "fish" else "activate")
    snippet = stage.make_project(root)
    terminal = shell(hooked=False)
    before = visible(terminal)
    terminal.do(language.source(str(script)))
    assert terminal.path()[0] == str(by_hand / "bin")

    terminal.do(statements.of(snippet))
    assert terminal.path() == [*snippet.bin, *OUTER_PATH.split(":")]

    terminal.do("deactivate")
    after = visible(terminal)
    assert {**after, "PS1": ""} == {**before, "PS1": ""}  # some of their activate scripts export it
    assert terminal.prompt_prefix == ""


def test_a_strict_script_may_enter_too(
    stage: Stage, statements: Statements, language: ShellLanguage, root: Path, tmp_path: Path
) -> None:
    snippet = stage.make_project(root)
    strict = {"bash": "set -euo pipefail", "zsh": "setopt err_exit no_unset", "fish": "true"}[language.name]
    printed = tmp_path / "environment"
    lines = [strict, statements.of(snippet), language.print_environment(str(printed)), "tool", "deactivate", "echo end"]
    program = language.find_program()
    assert program is not None

    finished = subprocess.run(
        [program, "-c", "\n".join(lines)],
        env={"PATH": OUTER_PATH, "HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (finished.stdout, finished.stderr) == ("the tool of this environment\nend\n", "")
    assert f"PATH={snippet.bin[0]}:".encode() in printed.read_bytes()


def test_a_child_shell_with_the_hook_can_leave(
    shell: OpenShell, stage: Stage, statements: Statements, language: ShellLanguage, root: Path, tmp_path: Path
) -> None:
    snippet = stage.make_project(root)
    outer = shell(hooked=False)
    outer.do(statements.of(snippet))
    inherited = {name: value for name, value in outer.environment().items() if not OWN_STATE.search(name)}
    record = {name: value for name, value in outer.environment().items() if name.startswith("_PYVE_")}

    child = shell(variables={**inherited, **record}, after=[language.export("PATH", f"/opt/first:{inherited['PATH']}")])

    assert child.path() == [*snippet.bin, "/opt/first", *OUTER_PATH.split(":")]
    assert child.prompt_prefix == "(shop) "
    child.do("deactivate")
    assert child.path() == ["/opt/first", *OUTER_PATH.split(":")]
    assert quote(language, snippet.root) not in child.environment().values()


def test_deactivate_of_what_was_entered_by_hand_counts_until_the_directory_is_left(
    shell: OpenShell, stage: Stage, statements: Statements, root: Path, base: Path
) -> None:
    snippet = stage.make_project(root)
    terminal = shell(root)
    terminal.do(statements.of(snippet))
    terminal.do("deactivate")
    terminal.prompt()
    assert "VIRTUAL_ENV" not in terminal.environment()
    terminal.cd(base)
    terminal.cd(root)
    assert "VIRTUAL_ENV" in terminal.environment()
