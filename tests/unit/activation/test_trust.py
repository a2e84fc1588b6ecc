"""How an env file stands to what was approved of it, and what is said of that."""

import os
from pathlib import Path

import pytest

from pyve.activation.trust import EnvFileStanding, compare_env_file, tell_env_file, tell_trust
from pyve.environments.env_values import EnvValues, is_as_approved, write_env_values
from pyve.environments.state import ProjectState, state_of_project
from pyve.project.config import ProjectConfig
from pyve.project.env_file import MOST_BYTES, parse_env_file

NAMED = ProjectConfig(env_file=".env")
UNNAMED = ProjectConfig()


@pytest.fixture
def state(project: Path, tmp_path: Path) -> ProjectState:
    """A registered project."""
    state = state_of_project(str(tmp_path / "state"), project)
    state.register()
    return state


def approve(state: ProjectState, text: str = "A=1\n", name: str = ".env") -> EnvValues:
    (state.root / name).write_text(text)
    file = parse_env_file(text.encode(), name=name)
    approved = EnvValues(file=name, digest=file.digest, values=file.values)
    write_env_values(state.env_values_file, approved)
    return approved


def test_nothing_named_and_nothing_approved(state: ProjectState) -> None:
    (state.root / ".env").write_text("A=1\n")
    assert compare_env_file(state, UNNAMED) is EnvFileStanding.NONE
    assert tell_env_file(state, UNNAMED) is None


def test_as_it_was_approved(state: ProjectState) -> None:
    approve(state)
    assert compare_env_file(state, NAMED) is EnvFileStanding.APPROVED
    assert tell_env_file(state, NAMED) is None


def test_never_approved(state: ProjectState) -> None:
    (state.root / ".env").write_text("A=1\n")
    assert compare_env_file(state, NAMED) is EnvFileStanding.NEW
    assert tell_env_file(state, NAMED) == ".env is not taken in until: pyve allow"


def test_named_but_not_there(state: ProjectState) -> None:
    assert compare_env_file(state, NAMED) is EnvFileStanding.ABSENT
    assert tell_env_file(state, NAMED) is None


@pytest.mark.parametrize("how", ["edited", "gone", "another name"])
def test_not_as_it_was_approved(state: ProjectState, how: str) -> None:
    approve(state)
    if how == "edited":
        (state.root / ".env").write_text("A=2\n")
    elif how == "gone":
        (state.root / ".env").unlink()
    else:
        (state.root / "other.env").write_text("A=1\n")
    config = ProjectConfig(env_file="other.env") if how == "another name" else NAMED
    assert compare_env_file(state, config) is EnvFileStanding.CHANGED
    assert "is not as it was approved" in (tell_env_file(state, config) or "")


def test_approved_and_not_named_any_more(state: ProjectState) -> None:
    approve(state)
    assert compare_env_file(state, UNNAMED) is EnvFileStanding.DROPPED
    assert "names no env file any more" in (tell_env_file(state, UNNAMED) or "")


def test_damaged_values_count_as_never_approved(state: ProjectState) -> None:
    approve(state)
    state.env_values_file.write_bytes(b"nonsense")
    assert compare_env_file(state, NAMED) is EnvFileStanding.NEW


def test_of_a_denied_project_that_alone_is_said(state: ProjectState) -> None:
    (state.root / ".env").write_text("A=1\n")
    state.denied_file.touch()
    (sentence,) = tell_trust(state, NAMED)
    assert "denied" in sentence


def test_a_hook_sees_every_change_of_the_bytes(state: ProjectState) -> None:
    approved = approve(state)
    assert is_as_approved(state.root, approved)
    (state.root / ".env").write_text("A=1\n\n")
    assert not is_as_approved(state.root, approved)
    (state.root / ".env").unlink()
    assert not is_as_approved(state.root, approved)
    (state.root / ".env").mkdir()
    assert not is_as_approved(state.root, approved)


def test_the_largest_file_that_is_approved_is_read_in_full(state: ProjectState) -> None:
    approved = approve(state, "A=" + "x" * (MOST_BYTES - 2))
    assert is_as_approved(state.root, approved)


@pytest.mark.posix("named pipes")
def test_a_pipe_in_the_files_place_keeps_no_prompt_waiting(state: ProjectState) -> None:

    approved = approve(state)
    (state.root / ".env").unlink()
    os.mkfifo(state.root / ".env")
    assert not is_as_approved(state.root, approved)
