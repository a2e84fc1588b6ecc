"""Which Python a project asks for: whose answer counts, and what `init PYTHON` pins."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.errors import ManifestInvalidError, PinConflictError, PythonConflictError, PythonRequestInvalidError
from pyve.project.pin_files import PIN_NAMES, read_pin
from pyve.project.python_request import PythonRequest, any_python, is_disjoint, is_within, parse_python_request

PYTHON_VARIABLE = "PYVE_PYTHON_VERSION"
_REQUIRES_PYTHON = "requires-python"
REQUIRED_BY_PROJECT = "requires-python in pyproject.toml is"


@dataclass(frozen=True, kw_only=True)
class PythonAnswer:
    """The request that won (its `passed_over` are the weaker answers), and notes for the user."""

    request: PythonRequest
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PinDecision:
    """What `init PYTHON` does about the pin: build with `request`; `write` is the text for write_pin, None: nothing."""

    request: PythonRequest
    write: str | None = None
    note: str | None = None


def request_python(  # noqa: PLR0913 - one argument for each that may answer
    *,
    argument: str | None,
    environment: Mapping[str, str],
    configured: str | None,
    environment_yml_pin: str | None,
    root: Path,
    requires_python: str | None,
    configured_source: str = "pyve.toml",
    requires_python_from: str = REQUIRED_BY_PROJECT,
) -> PythonAnswer:
    """Argument > PYVE_PYTHON_VERSION > pyve.toml > environment.yml > pin files > requires-python: the first counts.

    An answer that requires-python excludes raises PythonConflictError (a build would fail later and say less); one that
    it narrows carries it as `also`. Nothing said anywhere: any Python. `requires_python_from` begins the sentence that
    says who requires it; a lock may.
    """
    pins = read_pin(root)
    answers = [
        _parse(argument, source="argument"),
        _parse(environment.get(PYTHON_VARIABLE), source=PYTHON_VARIABLE),
        _parse(configured, source=configured_source),
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
    narrowed = _narrowed(winner, demand, requires_python_from) if demand else winner
    return PythonAnswer(request=narrowed, notes=pins.notes)


def _narrowed(request: PythonRequest, demand: PythonRequest, said_by: str) -> PythonRequest:
    if is_disjoint(request, demand.specifier):
        who = "You ask" if request.source == "argument" else f"{request.source} asks"
        raise PythonConflictError(
            f"{who} for Python {request.text}, but {said_by} `{demand.text}`.",
            hint=_reconcile(said_by)
            if request.source != "argument"
            else "pyve init (without a version) takes the newest that fits",
        )
    return request if is_within(request, demand.specifier) else replace(request, also=demand.specifier)


def _reconcile(said_by: str) -> str:
    return "change one of the two" if said_by == REQUIRED_BY_PROJECT else "change the one, or lock again: pyve lock"


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


def decide_pin(
    argument: PythonRequest, *, existing: PythonRequest | None, force: bool, keep_pin: bool = False
) -> PinDecision:
    """Decide, without doing it, what `init PYTHON` pins. `existing` is what the project says now, wherever.

    An existing pin that lies within the argument stays, and is what is built. A different one raises PinConflictError
    unless `force`. With `keep_pin` (--no-pin) nothing is compared or written. A range is never written.
    """
    if keep_pin:
        return PinDecision(request=argument)
    if existing is None:
        if argument.pin_text is None:
            return PinDecision(request=argument)
        return PinDecision(
            request=argument, write=argument.pin_text, note=f"pinned Python {argument.pin_text} in {PIN_NAMES[0]}"
        )
    if _lies_within(existing, argument):
        return PinDecision(request=existing, note=f"{existing.source} already pins Python {existing.text}")
    if not force:
        raise PinConflictError(
            f"You asked for Python {argument.text}, but {existing.source} says {existing.text}.",
            hint=f"pyve init --force {_quoted(argument.text)} changes it, --no-pin leaves it and builds with yours",
        )
    if existing.source not in PIN_NAMES:  # the configuration: a person's file, and it outranks any pin
        note = f"{existing.source} still says {existing.text}: pyve config set python {_quoted(argument.text)}"
        return PinDecision(request=argument, note=note)
    if argument.pin_text is None:
        note = f"{existing.source} still says {existing.text}, which later commands follow"
        return PinDecision(request=argument, note=note)
    note = f"pinned Python {argument.pin_text} in {PIN_NAMES[0]} (was {existing.text} in {existing.source})"
    return PinDecision(request=argument, write=argument.pin_text, note=note)


def _lies_within(pin: PythonRequest, argument: PythonRequest) -> bool:
    if pin.free_threaded is not argument.free_threaded or pin.prereleases is not argument.prereleases:
        return False
    if argument.implementation != pin.implementation and {argument.implementation, pin.implementation} != {
        None,
        "cpython",
    }:
        return False
    return pin.specifier == argument.specifier or is_within(pin, argument.specifier)


def _quoted(text: str) -> str:
    return text if text.replace(".", "").replace("-", "").isalnum() else f"'{text}'"
