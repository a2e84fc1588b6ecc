"""Which shell `pyve activate` writes for, and what it tells a person who looks at it."""

from pathlib import Path

import pytest

from pyve.errors import NoProjectError, UsageError
from pyve.system.shell_detection import DetectedShell
from pyve.verbs.activate import ActivateRequest, activate, refuse_terminal
from pyve.verbs.shell_choice import ShellChoice
from tests.support.stored_project import initialise, make_situation, make_store


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    initialise(make_store(root, tmp_path / "state"))
    return root


def test_the_shell_that_is_named_outranks_the_one_that_was_found(project: Path, tmp_path: Path) -> None:
    situation = make_situation(project, tmp_path / "state")
    found = DetectedShell(name="zsh", path="/bin/zsh")

    assert activate(situation, ActivateRequest(shell=ShellChoice(detected=found))).data.shell == "zsh"
    assert (
        activate(situation, ActivateRequest(shell=ShellChoice(named="/usr/bin/fish", detected=found))).data.shell
        == "fish"
    )
    assert activate(situation, ActivateRequest(shell=ShellChoice(named="powershell"))).data.shell == "pwsh"


def test_a_shell_that_cannot_be_found_out_has_to_be_named(project: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        activate(make_situation(project, tmp_path / "state"), ActivateRequest())
    assert caught.value.hint == "name it: pyve activate --shell bash"


def test_a_shell_without_a_dialect_is_not_taken_for_a_misspelt_one(project: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        activate(make_situation(project, tmp_path / "state"), ActivateRequest(shell=ShellChoice(named="csh")))
    assert "hook" not in caught.value.message
    assert "bash, zsh, fish and pwsh" in caught.value.message
    assert caught.value.hint == "from any other shell: pyve run COMMAND, or pyve shell"


def test_no_project_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(NoProjectError):
        activate(make_situation(tmp_path, tmp_path / "state"), ActivateRequest(shell=ShellChoice(named="bash")))


def test_the_line_to_type_asks_for_the_same() -> None:
    request = ActivateRequest(shell=ShellChoice(named="zsh"))

    assert refuse_terminal(request, project="/a b").hint == "eval \"$(pyve activate --project '/a b' --shell zsh)\""
