"""`pyve check` on what the owner approved: a denial, and an env file that is not as it was approved."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from pyve.environments.env_values import EnvValues, write_env_values
from pyve.environments.state import ProjectState, state_of_project
from pyve.project.env_file import parse_env_file
from pyve.verbs.checks.findings import Finding, Severity
from pyve.verbs.checks.trust import examine_trust


@pytest.fixture
def state(project: Path, tmp_path: Path) -> ProjectState:
    """A registered project that names an env file."""
    state = state_of_project(str(tmp_path / "state"), project)
    state.register()
    (project / "pyve.toml").write_text('env-file = ".env"\n')
    return state


def approve(state: ProjectState, text: str = "A=1\n") -> None:
    (state.root / ".env").write_text(text)
    file = parse_env_file(text.encode(), name=".env")
    write_env_values(state.env_values_file, EnvValues(file=".env", digest=file.digest, values=file.values))


def only(examined: Iterable[Finding]) -> Finding:
    (finding,) = examined
    return finding


def test_a_project_that_was_denied_is_said_to_be(state: ProjectState) -> None:
    state.denied_file.touch()
    (state.root / ".env").write_text("A=1\n")
    finding = only(examine_trust(state))
    assert (finding.code, finding.severity, finding.hint) == ("project-denied", Severity.INFO, "pyve allow")


def test_an_env_file_that_is_as_it_was_approved_is_fine(state: ProjectState) -> None:
    approve(state)
    assert list(examine_trust(state)) == []


def test_an_env_file_that_is_not_there_yet_asks_for_nothing(state: ProjectState) -> None:
    assert list(examine_trust(state)) == []


def test_an_env_file_that_was_never_approved_is_found(state: ProjectState) -> None:
    (state.root / ".env").write_text("A=1\n")
    finding = only(examine_trust(state))
    assert (finding.code, finding.severity) == ("env-file-not-approved", Severity.INFO)
    assert finding.hint == "pyve allow"


@pytest.mark.parametrize("how", ["edited", "gone", "not named any more"])
def test_an_env_file_that_is_not_as_it_was_approved_is_found(state: ProjectState, how: str) -> None:
    approve(state)
    if how == "edited":
        (state.root / ".env").write_text("A=2\n")
    elif how == "gone":
        (state.root / ".env").unlink()
    else:
        (state.root / "pyve.toml").unlink()
    finding = only(examine_trust(state))
    assert (finding.code, finding.severity) == ("env-file-changed", Severity.WARNING)
    assert finding.hint == "pyve allow"


@pytest.mark.parametrize("was_approved", [False, True])
@pytest.mark.parametrize(
    ("text", "cause"), [("A=1\nB='open\n", "env-file-invalid"), ("A=1\nLD_PRELOAD=x\n", "refused")]
)
def test_an_env_file_that_cannot_be_approved_is_found_with_its_line(
    state: ProjectState, text: str, cause: str, *, was_approved: bool
) -> None:
    if was_approved:
        approve(state)
    (state.root / ".env").write_text(text)
    finding = only(examine_trust(state))
    assert (finding.code, finding.severity, finding.cause) == ("env-file-invalid", Severity.WARNING, cause)
    assert ".env:2" in finding.message
    assert finding.hint.endswith("then: pyve allow")


def test_a_configuration_that_is_broken_is_said_elsewhere(state: ProjectState) -> None:
    (state.root / "pyve.toml").write_text("env-file = \n")
    assert list(examine_trust(state)) == []
