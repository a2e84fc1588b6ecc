"""Whose answer to "which Python?" counts, and what `init PYTHON` pins."""

from pathlib import Path

import pytest

from pyve.errors import ManifestInvalidError, PinConflictError, PythonConflictError, PythonRequestInvalidError
from pyve.project.python_pin import PinDecision, PythonAnswer, decide_pin, request_python
from pyve.project.python_request import parse_python_request

EVERYTHING = {
    "argument": "3.13",
    "variable": "3.12",
    "configured": "3.11",
    "environment_yml_pin": "3.10",
    "python_version": "3.9",
    "tool_versions": "3.8.1",
    "requires_python": ">=3.8",
}
SOURCES = {
    "argument": "argument",
    "variable": "PYVE_PYTHON_VERSION",
    "configured": "pyve.toml",
    "environment_yml_pin": "environment.yml",
    "python_version": ".python-version",
    "tool_versions": ".tool-versions",
    "requires_python": "requires-python",
}


def ask(root: Path, answers: dict[str, str]) -> PythonAnswer:
    if "python_version" in answers:
        (root / ".python-version").write_text(answers["python_version"])
    if "tool_versions" in answers:
        (root / ".tool-versions").write_text(f"python {answers['tool_versions']}")
    return request_python(
        argument=answers.get("argument"),
        environment={"PYVE_PYTHON_VERSION": answers.get("variable", "")},
        configured=answers.get("configured"),
        environment_yml_pin=answers.get("environment_yml_pin"),
        root=root,
        requires_python=answers.get("requires_python"),
    )


@pytest.mark.parametrize("rank", range(len(EVERYTHING)))
def test_the_strongest_answer_wins_and_names_its_source(project: Path, rank: int) -> None:
    names = list(EVERYTHING)[rank:]
    request = ask(project, {name: EVERYTHING[name] for name in names}).request
    assert (request.text, request.source) == (EVERYTHING[names[0]], SOURCES[names[0]])


def test_the_weaker_answers_are_kept_as_evidence(project: Path) -> None:
    request = ask(project, EVERYTHING).request
    assert request.passed_over == (
        "PYVE_PYTHON_VERSION says 3.12",
        "pyve.toml says 3.11",
        "environment.yml says 3.10",
        ".python-version says 3.9",
        ".tool-versions says 3.8.1",
    )


def test_a_project_that_says_nothing_takes_any_python(project: Path) -> None:
    request = ask(project, {}).request
    assert request.is_any
    assert request.source == "default"


def test_a_single_equals_sign_in_environment_yml_means_the_minor(project: Path) -> None:
    assert ask(project, {"environment_yml_pin": "=3.11"}).request.specifier == "==3.11.*"


def test_requires_python_narrows_an_answer_that_it_allows_in_part(project: Path) -> None:
    request = ask(project, {"configured": "3.12", "requires_python": ">=3.12.2"}).request
    assert request.also == ">=3.12.2"
    assert request.canonical != parse_python_request("3.12", source="pyve.toml").canonical


def test_requires_python_that_adds_nothing_leaves_the_answer_as_it_is(project: Path) -> None:
    request = ask(project, {"configured": "3.12", "requires_python": ">=3.10,<4"}).request
    assert request.also == ""
    assert request.canonical == parse_python_request("3.12", source="pyve.toml").canonical


@pytest.mark.parametrize("name", ["argument", "variable", "configured", "python_version", "tool_versions"])
def test_an_answer_that_requires_python_rules_out_is_an_error_that_names_both(project: Path, name: str) -> None:
    with pytest.raises(PythonConflictError) as raised:
        ask(project, {name: "3.9", "requires_python": ">=3.10"})
    assert "3.9" in raised.value.message
    assert ">=3.10" in raised.value.message


def test_a_variable_that_is_no_version_is_named(project: Path) -> None:
    with pytest.raises(PythonRequestInvalidError, match="PYVE_PYTHON_VERSION"):
        ask(project, {"variable": "newest"})


def test_requires_python_that_is_no_range_is_an_error_of_the_manifest(project: Path) -> None:
    with pytest.raises(ManifestInvalidError, match="requires-python"):
        ask(project, {"requires_python": "^3.10"})


def test_notes_on_pin_files_reach_the_answer(project: Path) -> None:
    assert ask(project, {"python_version": "system"}).notes


def decide(argument: str, existing: str | None, *, source: str = ".python-version", force: bool = False) -> PinDecision:
    return decide_pin(
        parse_python_request(argument, source="argument"),
        existing=None if existing is None else parse_python_request(existing, source=source),
        force=force,
    )


def test_a_version_is_pinned_where_there_is_no_pin() -> None:
    decision = decide("python3.12", None)
    assert decision.write == "3.12"
    assert ".python-version" in (decision.note or "")


def test_a_range_is_never_pinned() -> None:
    assert decide(">=3.11", None).write is None


@pytest.mark.parametrize(
    ("argument", "existing"),
    [
        ("3.12", "3.12"),
        ("3.12", "3.12.1"),
        ("3", "3.12"),
        (">=3.11", "3.12"),
        ("3.12", "cpython3.12"),
        ("3.13t", "3.13t"),
    ],
)
def test_a_pin_within_the_argument_stays_and_is_what_is_built(argument: str, existing: str) -> None:
    decision = decide(argument, existing)
    assert decision.write is None
    assert decision.request.text == existing


@pytest.mark.parametrize(
    ("argument", "existing"),
    [
        ("3.12", "3.11"),
        ("3.12.1", "3.12"),
        (">=3.13", "3.12"),
        ("3.13t", "3.13"),
        ("pypy3.10", "3.10"),
        ("3.1", "3.12"),
    ],
)
def test_a_different_pin_is_an_error_that_names_both_and_the_file(argument: str, existing: str) -> None:
    with pytest.raises(PinConflictError) as raised:
        decide(argument, existing)
    assert all(text in raised.value.message for text in (argument, existing, ".python-version"))
    assert "--force" in (raised.value.hint or "")


def test_force_replaces_a_different_pin() -> None:
    decision = decide("3.12", "3.11", force=True)
    assert decision.write == "3.12"
    assert decision.request.text == "3.12"


def test_force_over_tool_versions_writes_the_file_that_outranks_it() -> None:
    decision = decide("3.12", "3.11.4", source=".tool-versions", force=True)
    assert decision.write == "3.12"
    assert ".tool-versions" in (decision.note or "")


def test_force_never_writes_a_pin_that_the_configuration_outranks() -> None:
    decision = decide("3.12", "3.11", source="pyve.toml", force=True)
    assert decision.write is None
    assert "pyve config set python 3.12" in (decision.note or "")


def test_no_pin_neither_compares_nor_writes() -> None:
    request = parse_python_request("3.12", source="argument")
    existing = parse_python_request("3.11", source=".python-version")
    assert decide_pin(request, existing=existing, force=False, keep_pin=True) == PinDecision(request=request)
