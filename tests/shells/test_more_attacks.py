"""What a branch of an allowed project tries with variables that were approved: pyve itself runs without them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.shells.conftest import OpenShell
from tests.support.activation_stage import Stage

READ_BY_PYTHON = ("PYTHONPATH", "PYTHONUSERBASE", "PYTHONPLATLIBDIR", "PYTHONPYCACHEPREFIX", "PYTHONWARNINGS")


def _variables_of_pyve(stage: Stage, shell: OpenShell, root: Path, variables: Mapping[str, str]) -> set[str]:
    """What pyve is started with when a watched file changes at a prompt inside."""
    told = stage.calls.with_name("variables of pyve")
    stage.answer(f"env >'{told}'")
    terminal = shell(root, variables=variables)
    stage.change(root / "requirements.txt")
    terminal.prompt()
    return set(told.read_text(encoding="utf-8").splitlines())


def test_pyve_is_not_started_with_files_of_the_project_on_its_path(shell: OpenShell, stage: Stage, root: Path) -> None:
    snippet = stage.make_project(root)
    stage.write(replace(snippet, set={**snippet.set, **dict.fromkeys(READ_BY_PYTHON, "src"), "MINE": "1"}))
    given = _variables_of_pyve(stage, shell, root, {})
    assert "MINE=1" in given
    assert not [line for line in given if line.startswith(READ_BY_PYTHON)]


def test_pyve_is_started_with_what_the_user_has_set(shell: OpenShell, stage: Stage, root: Path) -> None:
    stage.make_project(root)
    assert "PYTHONPATH=/mine" in _variables_of_pyve(stage, shell, root, {"PYTHONPATH": "/mine"})


def test_the_shell_keeps_the_variables_that_pyve_is_started_without(shell: OpenShell, stage: Stage, root: Path) -> None:
    snippet = stage.make_project(root)
    stage.write(replace(snippet, set={**snippet.set, "PYTHONPATH": "src"}))
    stage.answer("exit 0")
    terminal = shell(root)
    stage.change(root / "requirements.txt")
    terminal.prompt()
    assert terminal.environment()["PYTHONPATH"] == "src"
