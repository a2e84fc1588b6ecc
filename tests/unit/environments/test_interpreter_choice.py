"""Which interpreter is taken, and what is said when none fits."""

from pathlib import Path

import pytest

from pyve.environments.interpreter_choice import choose_interpreter
from pyve.errors import PythonMissingError
from pyve.project.python_request import any_python, parse_python_request
from pyve.system.interpreters import Interpreter


def interpreter(
    version_text: str, *, implementation: str = "cpython", free_threaded: bool = False, source: str = "PATH"
) -> Interpreter:
    release = version_text.partition("rc")[0].partition("b")[0]
    major, minor, micro = map(int, release.split("."))
    return Interpreter(
        executable=Path(f"/{source}/{implementation}{version_text}"),
        implementation=implementation,
        version=(major, minor, micro),
        version_text=version_text,
        prerelease=release != version_text,
        free_threaded=free_threaded,
        machine="x86_64",
        bits=64,
        source=source,
    )


def chosen(text: str, *interpreters: Interpreter) -> str:
    request = parse_python_request(text, source="argument") if text else any_python()
    return choose_interpreter(request, interpreters=interpreters).interpreter.version_text


def refusal(text: str, *interpreters: Interpreter, platform: str = "linux", uv: str = "uv") -> PythonMissingError:
    request = parse_python_request(text, source=".python-version") if text else any_python()
    with pytest.raises(PythonMissingError) as raised:
        choose_interpreter(request, interpreters=interpreters, platform=platform, uv=uv)
    return raised.value


def test_the_newest_that_fits_is_taken() -> None:
    versions = [interpreter(text) for text in ("3.9.18", "3.12.10", "3.12.9", "3.13.0")]
    assert chosen("", *versions) == "3.13.0"
    assert chosen("3.12", *versions) == "3.12.10"


def test_a_release_comes_before_a_newer_prerelease() -> None:
    assert chosen(">=3.14.0b1", interpreter("3.14.0"), interpreter("3.15.0rc1")) == "3.14.0"


def test_of_prereleases_the_latest_is_taken() -> None:
    versions = [interpreter(text) for text in ("3.15.0rc2", "3.15.0rc10", "3.15.0b12")]
    assert chosen("3.15-dev", *versions) == "3.15.0rc10"


def test_cpython_comes_before_a_newer_pypy() -> None:
    cpython, pypy = interpreter("3.9.1"), interpreter("3.10.14", implementation="pypy")
    assert chosen("", pypy, cpython) == "3.9.1"
    assert chosen("3.10", pypy, cpython) == "3.10.14"
    assert chosen("pypy", pypy, cpython) == "3.10.14"


def test_among_equals_the_first_found_is_taken() -> None:
    choice = choose_interpreter(
        any_python(), interpreters=[interpreter("3.12.1"), interpreter("3.12.1", source="pyenv")]
    )
    assert choice.interpreter.source == "PATH"


def test_a_python_that_is_too_old_is_never_taken_unasked() -> None:
    assert "3.8 or newer" in refusal("", interpreter("3.7.16")).message


def test_a_python_that_is_too_old_is_explained_when_asked_for() -> None:
    error = refusal("3.7", interpreter("3.7.16"), interpreter("3.12.1"))
    assert "3.7.16 is too old" in error.message
    assert "3.8 or newer" in (error.hint or "")


def test_the_reason_names_the_demand_and_the_interpreter() -> None:
    request = parse_python_request("3.12", source=".python-version")
    reason = choose_interpreter(request, interpreters=[interpreter("3.12.1"), interpreter("3.12.0")]).reason
    assert ".python-version asks for 3.12" in reason
    assert "/PATH/cpython3.12.1" in reason
    assert "the newest of 2" in reason


def test_a_refusal_says_what_was_looked_for_why_and_what_was_found() -> None:
    error = refusal("3.12", interpreter("3.11.2"), interpreter("3.13.0", free_threaded=True))
    assert "fits 3.12" in error.message
    assert ".python-version" in error.message
    assert "3.11.2       /PATH/cpython3.11.2" in error.message
    assert "3.13.0t" in error.message
    assert error.exit_status == 5


def test_a_refusal_on_a_machine_without_python_says_where_was_looked() -> None:
    assert "pyenv" in refusal("3.12").message


def test_a_refusal_does_not_list_a_hundred_interpreters() -> None:
    many = [interpreter(f"3.11.{micro}") for micro in range(20)]
    lines = refusal("3.12", *many).message.splitlines()
    assert len(lines) < 12
    assert lines[-1].endswith("12 older")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("3.12", "uv python install 3.12"),
        ("3.12.1", "uv python install 3.12.1"),
        ("3.13t", "uv python install 3.13t"),
        ("pypy3.10", "uv python install pypy3.10"),
        ("3.15-dev", "uv python install 3.15"),
        (">=3.10,<3.13", "uv python install 3.12"),
        ("~=3.11.4", "uv python install 3.11"),
        ("==3.12", "uv python install '==3.12'"),
    ],
)
def test_the_hint_is_a_command_that_installs_what_is_wanted(text: str, command: str) -> None:
    assert (refusal(text).hint or "").split(", or ")[0] == command


def test_the_hint_names_the_uv_that_the_user_has() -> None:
    assert (refusal("3.12", uv="/opt/pyve/uv").hint or "").startswith("/opt/pyve/uv python install 3.12")


def test_the_hint_names_pyenv_where_it_is_used() -> None:
    assert "pyenv install 3.12" in (refusal("3.12", interpreter("3.11.2", source="pyenv")).hint or "")
    assert "pyenv" not in (refusal("3.12", interpreter("3.11.2")).hint or "")
    assert "pyenv" not in (refusal(">=3.98", interpreter("3.11.2", source="pyenv")).hint or "")


@pytest.mark.parametrize(
    ("platform", "command"), [("linux", "apt install python3.12"), ("darwin", "brew"), ("win32", "winget")]
)
def test_the_hint_suits_the_platform(platform: str, command: str) -> None:
    assert command in (refusal("3.12", platform=platform).hint or "")
