"""Texts that ask for a Python, and which interpreters they accept."""

from pathlib import Path

import pytest

from pyve.errors import PythonRequestInvalidError
from pyve.project.python_request import any_python, is_disjoint, is_within, parse_python_request
from pyve.system.interpreters import Interpreter


def interpreter(version_text: str, *, implementation: str = "cpython", free_threaded: bool = False) -> Interpreter:
    release = version_text
    for letter in "abr":
        release = release.partition(letter)[0]
    major, minor, micro = map(int, release.split("."))
    return Interpreter(
        executable=Path("/python"),
        implementation=implementation,
        version=(major, minor, micro),
        version_text=version_text,
        prerelease=release != version_text,
        free_threaded=free_threaded,
        machine="x86_64",
        bits=64,
        source="PATH",
    )


def accepts(text: str, candidate: Interpreter) -> bool:
    return parse_python_request(text, source="argument").accepts(candidate)


@pytest.mark.parametrize(
    ("text", "fitting", "unfit"),
    [
        ("3", "3.9.1", "2.7.18"),
        ("3.1", "3.1.5", "3.10.0"),
        ("3.12", "3.12.9", "3.13.0"),
        ("3.12.1", "3.12.1", "3.12.10"),
        ("3.12.*", "3.12.4", "3.11.4"),
        ("==3.12.*", "3.12.4", "3.11.4"),
        ("==3.12.1", "3.12.1", "3.12.2"),
        ("==3.12", "3.12.0", "3.12.1"),  # PEP 440: exactly 3.12.0
        (">=3.11,<3.14", "3.13.9", "3.14.0"),
        (">=3.11, <3.14", "3.11.0", "3.10.9"),
        ("~=3.11", "3.14.0", "3.10.9"),
        ("~=3.11.4", "3.11.9", "3.11.3"),
        ("!=3.12.*,>=3.11", "3.13.0", "3.12.3"),
        (" 3.12 ", "3.12.0", "3.11.0"),
        ("python3.12", "3.12.0", "3.11.0"),
        ("py3.12", "3.12.0", "3.11.0"),
        ("python@3.12", "3.12.0", "3.11.0"),
        ("cpython-3.12.1-linux-x86_64-gnu", "3.12.1", "3.12.0"),
        ("3.15.0rc1", "3.15.0rc1", "3.15.0rc2"),
        ("3.15-dev", "3.15.0a2", "3.14.0"),
        ("3.15-dev", "3.15.1", "3.16.0a1"),
        (">=3.15.0b1", "3.15.0rc1", "3.15.0a7"),
    ],
)
def test_a_text_accepts_what_it_names_and_nothing_else(text: str, fitting: str, unfit: str) -> None:
    assert accepts(text, interpreter(fitting))
    assert not accepts(text, interpreter(unfit))


@pytest.mark.parametrize("text", ["3", "3.15", "3.15.0", ">=3.14", "~=3.15"])
def test_a_prerelease_is_accepted_only_when_asked_for(text: str) -> None:
    assert not accepts(text, interpreter("3.15.0rc1"))


def test_a_free_threaded_build_is_accepted_only_when_asked_for() -> None:
    assert not accepts("3.13", interpreter("3.13.0", free_threaded=True))
    assert accepts("3.13t", interpreter("3.13.0", free_threaded=True))
    assert not accepts("3.13t", interpreter("3.13.0"))
    assert not any_python().accepts(interpreter("3.13.0", free_threaded=True))


@pytest.mark.parametrize("text", ["pypy3.10", "pypy", "pypy>=3.9", "PyPy3.10", "pypy3.10-7.3.15", "pypy@3.10"])
def test_an_implementation_is_accepted_by_name(text: str) -> None:
    assert accepts(text, interpreter("3.10.14", implementation="pypy"))
    assert not accepts(text, interpreter("3.10.14"))


def test_a_version_without_a_name_accepts_every_implementation() -> None:
    assert accepts("3.10", interpreter("3.10.14", implementation="pypy"))
    assert not accepts("cpython3.10", interpreter("3.10.14", implementation="pypy"))


@pytest.mark.parametrize("text", ["/usr/bin/python3", "./app", ".", "..", "~/app", "src/app", "C:\\app"])
def test_a_directory_is_refused_and_project_is_named(text: str) -> None:
    with pytest.raises(PythonRequestInvalidError, match="looks like a path") as raised:
        parse_python_request(text, source="argument")
    assert "--project DIR" in (raised.value.hint or "")


@pytest.mark.parametrize(
    "text", ["", " ", "venv", "3.x", "4.0", "three", "3.12.1.1", ">=", ">=abc", "3.12,3.13", "===3.12.1", ">3.12,<3.11"]
)
def test_what_is_no_version_is_refused_with_examples(text: str) -> None:
    with pytest.raises(PythonRequestInvalidError) as raised:
        parse_python_request(text, source="argument")
    assert ">=3.11,<3.14" in (raised.value.hint or "")


@pytest.mark.parametrize(("text", "hint"), [("312", "3.12"), ("py39", "3.9"), ("^3.11", ">=3.11,<4")])
def test_what_was_probably_meant_is_named(text: str, hint: str) -> None:
    with pytest.raises(PythonRequestInvalidError) as raised:
        parse_python_request(text, source="argument")
    assert hint in (raised.value.hint or "")


def test_the_message_says_where_the_text_stands() -> None:
    with pytest.raises(PythonRequestInvalidError, match="PYVE_PYTHON_VERSION"):
        parse_python_request("soon", source="PYVE_PYTHON_VERSION")


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("3.12", "3.12"),
        ("==3.12.*", "3.12"),
        ("3.12.1", "3.12.1"),
        ("python3.12", "3.12"),
        ("pypy3.10", "pypy3.10"),
        ("3.13t", "3.13t"),
        ("3.15-dev", "3.15-dev"),
        ("3.15.0rc1", "3.15.0rc1"),
        ("3", None),
        (">=3.11", None),
        ("pypy", None),
    ],
)
def test_a_version_or_minor_is_a_pin_and_a_range_is_none(text: str, pin: str | None) -> None:
    assert parse_python_request(text, source="argument").pin_text == pin


def test_a_pin_means_the_same_when_it_is_read_back() -> None:
    for text in ("3.12", "3.12.1", "pypy3.10", "3.13t", "3.14t-dev", "3.15.0rc1"):
        request = parse_python_request(text, source="argument")
        assert request.pin_text is not None
        assert parse_python_request(request.pin_text, source=".python-version").canonical == request.canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [("3.12", "==3.12.*"), ("3.12", "python3.12"), ("3.12.1", "==3.12.1"), (">=3.11,<3.14", "<3.14, >=3.11")],
)
def test_spellings_of_the_same_demand_have_one_canonical_text(one: str, other: str) -> None:
    first, second = (parse_python_request(text, source="argument").canonical for text in (one, other))
    assert first == second


def test_different_demands_have_different_canonical_texts() -> None:
    texts = ["3", "3.12", "3.12.1", "3.13", "3.13t", "3.13-dev", "pypy3.13", ">=3.13", "==3.13"]
    canonical = {parse_python_request(text, source="argument").canonical for text in texts}
    assert len(canonical) == len(texts)


def test_a_prerelease_counts_as_its_release_against_requires_python() -> None:
    request = parse_python_request("3.15.0rc1", source="argument")
    assert is_within(request, ">=3.15")
    assert not is_disjoint(request, ">=3.15")
    assert is_disjoint(request, "<3.15")


def test_a_demand_that_is_partly_allowed_is_neither_within_nor_disjoint() -> None:
    request = parse_python_request("3.12", source="argument")
    assert not is_within(request, ">=3.12.2")
    assert not is_disjoint(request, ">=3.12.2")
