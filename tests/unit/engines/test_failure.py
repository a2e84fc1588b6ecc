"""Outputs are as uv and pip printed them; what they mean is told to the user."""

from pathlib import Path

import pytest

from pyve.engines.failure import FailedInstall, explain_failure, failed_url, find_origins
from pyve.errors import (
    BuildFailedError,
    DiskFullError,
    HashMismatchError,
    IndexUnauthorisedError,
    IndexUnreachableError,
    ResolutionFailedError,
)
from pyve.project.requirement import Requirement

UNKNOWN = """Using Python 3.11.7 environment at: env
error: No solution found when resolving dependencies
  cause: Because nosuch was not found in the package registry and you require nosuch, we can conclude that your requirements are unsatisfiable.
"""  # noqa: E501  (as uv prints it)
DNS = """error: Failed to fetch: https://index.example/simple/beta/
  cause: error sending request for url (https://index.example/simple/beta/)
  cause: client error (Connect)
  cause: dns error
  cause: failed to lookup address information: Temporary failure in name resolution
"""
REFUSED = """error: No solution found when resolving dependencies
  cause: Because beta was not found in the package registry and you require beta, we can conclude that your requirements are unsatisfiable.

hint: An index URL (http://index.example:81/simple) could not be queried due to a lack of valid authentication credentials (401 Unauthorized)
"""  # noqa: E501  (as uv prints it)
HASH = """Resolved 1 package in 1ms
error: Failed to download `beta==1.0`
  cause: Hash mismatch for `beta==1.0`

         Expected:
           sha256:00

         Computed:
           sha256:37
"""
FULL = """error: Failed to install: huge-1.0-py3-none-any.whl (huge==1.0)
  cause: failed to copy file from /a to /b: No space left on device (os error 28)
"""
PIP_UNKNOWN = """Looking in indexes: https://index.example/simple
ERROR: Could not find a version that satisfies the requirement nosuch (from versions: none)
ERROR: No matching distribution found for nosuch
"""


def explain(output: str, *names: str, exit_status: int = 1) -> BuildFailedError:
    requirements = tuple(
        Requirement(line=name, canonical=name, origin=f"requirements.txt:{number}", name=name)
        for number, name in enumerate(names, 1)
    )
    return explain_failure(
        FailedInstall(
            installer="uv", output=output, exit_status=exit_status, log=Path("/state/log"), requirements=requirements
        )
    )


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        (UNKNOWN, ResolutionFailedError),
        (PIP_UNKNOWN, ResolutionFailedError),
        (DNS, IndexUnreachableError),
        (REFUSED, IndexUnauthorisedError),
        (HASH, HashMismatchError),
        (FULL, DiskFullError),
        ("thread panicked", BuildFailedError),
        ("", BuildFailedError),
    ],
)
def test_each_cause_has_its_error(output: str, kind: type[BuildFailedError]) -> None:
    assert type(explain(output)) is kind


@pytest.mark.parametrize("output", [UNKNOWN, DNS, REFUSED, HASH, FULL, PIP_UNKNOWN])
def test_known_causes_are_told_in_one_line_with_a_hint(output: str) -> None:
    error = explain(output, "nosuch", "beta")
    assert "\n" not in error.message
    assert error.hint


@pytest.mark.parametrize("output", [UNKNOWN, PIP_UNKNOWN])
def test_line_of_the_requirement_is_named(output: str) -> None:
    assert explain(output, "beta", "nosuch").message.startswith("requirements.txt:2: ")


def test_name_that_nobody_declared_leaves_the_reason_alone() -> None:
    assert explain(UNKNOWN, "beta").message.startswith("No set of packages satisfies what is declared: Because nosuch")


def test_host_and_cause_of_silence_are_named() -> None:
    message = explain(DNS).message
    assert "index.example cannot be reached" in message
    assert "Temporary failure in name resolution" in message


def test_host_that_refuses_is_named() -> None:
    error = explain(REFUSED)
    assert "index.example:81" in error.message
    assert "machine index.example login" in (error.hint or "")


def test_signal_is_told() -> None:
    assert "killed by signal 9" in explain("Resolved 1 package", exit_status=-9).message


def test_unknown_failure_shows_the_last_lines_and_the_log() -> None:
    error = explain("\n".join(f"line {number}" for number in range(100)))
    assert "line 99" in error.message
    assert "line 50" not in error.message
    assert "/state/log" in (error.hint or "")


def test_url_that_could_not_be_fetched_is_found() -> None:
    assert failed_url(DNS) == "https://index.example/simple/beta/"
    assert failed_url(UNKNOWN) is None


def test_names_match_whole_words_in_any_spelling() -> None:
    requirements = [
        Requirement(line="a", canonical="a", origin=f"r.txt:{name}", name=name)
        for name in ("foo", "foo-bar", "zope-event")
    ]
    assert find_origins("because Foo_Bar==2 and zope.event.", requirements) == ("r.txt:foo-bar", "r.txt:zope-event")


@pytest.mark.parametrize("said", ["in `{file}` at line 2", "(from -r {file} (line 2))", "at {file}:2:1"])
def test_lines_of_files_written_for_an_installer_are_told_as_the_users(tmp_path: Path, said: str) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("--no-index\nalpha==9 --hash=sha256:0\n", encoding="utf-8")
    asked = Requirement(line="alpha==9", canonical="alpha==9", origin="deps/base.txt:7", name="alpha")
    output = "ERROR: No matching distribution found " + said.format(file=file)
    failed = FailedInstall(
        installer="pip",
        output=output,
        exit_status=1,
        log=tmp_path / "log",
        requirements=(asked,),
        work_directory=tmp_path,
    )
    message = explain_failure(failed).message
    assert "deps/base.txt:7" in message
    assert str(tmp_path) not in message
