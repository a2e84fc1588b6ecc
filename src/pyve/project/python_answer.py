"""Whose answer to "which Python?" counts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.errors import ManifestInvalidError, PythonConflictError, PythonRequestInvalidError
from pyve.project.python_pin import read_pin
from pyve.project.python_request import PythonRequest, any_python, is_disjoint, is_within, parse_python_request

PYTHON_VARIABLE = "PYVE_PYTHON_VERSION"
_REQUIRES_PYTHON = "requires-python"


@dataclass(frozen=True, kw_only=True)
class PythonAnswer:
    """The request that won (its `passed_over` are the weaker answers), and notes for the user."""

    request: PythonRequest
    notes: tuple[str, ...] = ()


def request_python(
    *,
    argument: PythonRequest | None,
    environment: Mapping[str, str],
    configured: PythonRequest | None,
    environment_yml_pin: str | None,
    root: Path,
    requires_python: str | None,
) -> PythonAnswer:
    """Argument > PYVE_PYTHON_VERSION > pyve.toml > environment.yml > pin files > requires-python: the first counts.

    An answer that requires-python excludes raises PythonConflictError (a build would fail later and say less); one that
    it narrows carries it as `also`. Nothing said anywhere: any Python.
    """
    pins = read_pin(root)
    answers = [
        argument,
        _parse(environment.get(PYTHON_VARIABLE), source=PYTHON_VARIABLE),
        configured,
        _parse_conda_pin(environment_yml_pin),
        pins.request,
    ]
    said = [answer for answer in answers if answer is not None]
    demand = _parse_requires_python(requires_python)
    if not said:
        return PythonAnswer(request=demand or any_python(), notes=pins.notes)
    winner = said[0]
    weaker = (*(f"{other.source} says {other.text}" for other in said[1:]), *(pins.request or winner).passed_over)
    winner = replace(winner, passed_over=tuple(dict.fromkeys(weaker)))
    return PythonAnswer(request=_narrowed(winner, demand) if demand else winner, notes=pins.notes)


def _narrowed(request: PythonRequest, demand: PythonRequest) -> PythonRequest:
    if is_disjoint(request, demand.specifier):
        who = "You ask" if request.source == "argument" else f"{request.source} asks"
        raise PythonConflictError(
            f"{who} for Python {request.text}, but {_REQUIRES_PYTHON} in pyproject.toml is `{demand.text}`.",
            hint="change one of the two"
            if request.source != "argument"
            else "pyve init (without a version) takes the newest that fits",
        )
    return request if is_within(request, demand.specifier) else replace(request, also=demand.specifier)


def _parse(text: str | None, *, source: str) -> PythonRequest | None:
    return parse_python_request(text, source=source) if text and text.strip() else None


def _parse_conda_pin(text: str | None) -> PythonRequest | None:
    """In conda's language `=3.11` means 3.11.*."""
    if text and text.startswith("=") and not text.startswith("=="):
        text = text[1:]
    return _parse(text, source="environment.yml")


def _parse_requires_python(text: str | None) -> PythonRequest | None:
    try:
        return _parse(text, source=_REQUIRES_PYTHON)
    except PythonRequestInvalidError as error:
        raise ManifestInvalidError(
            f"pyproject.toml: {_REQUIRES_PYTHON} = `{text}` is not a range of versions.", hint=error.hint
        ) from error
