"""Which interpreter an environment is made from, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyve.project.python_request import PythonRequest
from pyve.system.interpreters import Interpreter


@dataclass(frozen=True, kw_only=True)
class InterpreterChoice:
    """The chosen interpreter and the reason, as one sentence."""

    interpreter: Interpreter
    reason: str


def choose_interpreter(
    request: PythonRequest, *, interpreters: Iterable[Interpreter], platform: str
) -> InterpreterChoice:
    """The newest interpreter that the request accepts: final before pre-release, CPython before others.

    Raises PythonMissingError that says what was looked for, what was found and what to type.
    """
    raise NotImplementedError
