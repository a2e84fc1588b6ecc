"""The Python version a project pins, in files that other tools read too; and the order in which answers count."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.project.python_request import PythonRequest

PIN_NAMES = (".python-version", ".tool-versions")


@dataclass(frozen=True, kw_only=True)
class PinFiles:
    """What the pin files of a project say: the pin that counts (None: there is none) and what was ignored, and why."""

    request: PythonRequest | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PinDecision:
    """What `init PYTHON` does about the pin. `request` is what to build with; `write` the new .python-version text."""

    request: PythonRequest
    write: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class PythonAnswer:
    """The request that won, with notes for the user (an ignored line of a pin file, ...)."""

    request: PythonRequest
    notes: tuple[str, ...] = ()


def read_pin(root: Path) -> PinFiles:
    """Read .python-version, then .tool-versions."""
    raise NotImplementedError


def write_pin(root: Path, text: str) -> Path:
    """Write .python-version atomically and return its path."""
    raise NotImplementedError


def decide_pin(argument: PythonRequest, *, existing: PythonRequest | None, force: bool) -> PinDecision:
    """Decide, without doing it, what `init PYTHON` pins. Raises PinConflictError."""
    raise NotImplementedError


def request_python(
    *,
    argument: str | None,
    environment: Mapping[str, str],
    configured: str | None,
    environment_yml_pin: str | None,
    root: Path,
    requires_python: str | None,
    configured_source: str = "pyve.toml",
) -> PythonAnswer:
    """The Python that is asked for: argument > PYVE_PYTHON_VERSION > pyve.toml > environment.yml > pins > requires-python."""
    raise NotImplementedError
