"""Which interpreter an environment is made from, and why."""

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyve.errors import PythonMissingError
from pyve.project.python_request import PythonRequest
from pyve.system.interpreters import Interpreter

OLDEST_USABLE = (3, 8)  # what uv installs into; virtualenv would go further back
_NEWEST_MINOR = 14  # of the released Pythons; only the hint uses it
_SHOWN_AT_MOST = 8


@dataclass(frozen=True, kw_only=True)
class InterpreterChoice:
    """The chosen interpreter and the reason, as one sentence."""

    interpreter: Interpreter
    reason: str


def choose_interpreter(
    request: PythonRequest, *, interpreters: Iterable[Interpreter], platform: str = sys.platform, uv: str = "uv"
) -> InterpreterChoice:
    """The newest interpreter that the request accepts: CPython before others, final releases before pre-releases.

    Among equals the first of `interpreters` wins (PATH before version managers). Raises PythonMissingError that says
    what was looked for and why, what was found, and what to type (`uv`: how the user can call uv).
    """
    found = list(interpreters)
    fitting = [one for one in found if one.version >= OLDEST_USABLE and request.accepts(one)]
    if not fitting:
        raise PythonMissingError(_explain(request, found), hint=_hint(request, found, platform=platform, uv=uv))
    best = max(fitting, key=_rank)  # max keeps the first of equals
    return InterpreterChoice(interpreter=best, reason=_reason(request, best, len(fitting)))


def _rank(interpreter: Interpreter) -> tuple[bool, bool, tuple[int, int, int], tuple[str, int]]:
    letters = interpreter.version_text.lstrip("0123456789.")  # "rc1"; a < b < rc also as texts
    serial = letters.lstrip("abrc")
    stage = (letters[: len(letters) - len(serial)], int(serial or 0))
    return interpreter.implementation == "cpython", not interpreter.prerelease, interpreter.version, stage


def _reason(request: PythonRequest, interpreter: Interpreter, count: int) -> str:
    if request.is_any:
        demand = "nothing asks for a version"
    else:
        demand = f"{request.source} asks for {request.text}"
        demand += f", requires-python for {request.also}" if request.also else ""
    rank = "the only one that fits" if count == 1 else f"the newest of {count} that fit"
    return f"{demand}; Python {interpreter.version_text} ({interpreter.executable}, {interpreter.source}) is {rank}"


def _explain(request: PythonRequest, found: Sequence[Interpreter]) -> str:
    oldest = ".".join(map(str, OLDEST_USABLE))
    if request.is_any:
        wanted = f"No Python {oldest} or newer is on this machine"
    else:
        also = f" and requires-python {request.also}" if request.also else ""
        wanted = f"No Python on this machine fits {request.text}{also} (asked for by {request.source})"
    too_old = [one for one in found if request.accepts(one) and one.version < OLDEST_USABLE]
    if too_old and not request.is_any:
        wanted = (
            f"{wanted}: Python {too_old[0].version_text} is too old, pyve needs {oldest} or newer in an environment"
        )
    return f"{wanted}.\n{_describe(found)}"


def _describe(found: Sequence[Interpreter]) -> str:
    if not found:
        return "Found none: not on PATH, nor among the versions of pyenv, asdf, mise and uv."
    newest = sorted(found, key=_rank, reverse=True)
    lines = [f"  {_label(one):<12} {one.executable}" for one in newest[:_SHOWN_AT_MOST]]
    if len(newest) > _SHOWN_AT_MOST:
        lines.append(f"  and {len(newest) - _SHOWN_AT_MOST} older")
    return "\n".join(["Found:", *lines])


def _label(interpreter: Interpreter) -> str:
    implementation = "" if interpreter.implementation == "cpython" else interpreter.implementation
    return f"{implementation}{interpreter.version_text}{'t' if interpreter.free_threaded else ''}"


def _hint(request: PythonRequest, found: Sequence[Interpreter], *, platform: str, uv: str) -> str:
    """What to type: one command per way that this machine may have, the one that always works first."""
    if request.release and (*request.release, 99)[:2] < OLDEST_USABLE:
        return f"ask for Python {'.'.join(map(str, OLDEST_USABLE))} or newer"
    wanted = _installable_name(request)
    commands = [f"{uv} python install {wanted}"]
    is_range = wanted.startswith("'")  # pyenv takes none
    if any(one.source == "pyenv" for one in found) and not is_range:
        commands.append(f"pyenv install {request.pin_text or wanted}")
    version = wanted if re.fullmatch(r"3\.\d+", wanted) and not request.prereleases else None
    if version and platform == "linux":
        commands.append(f"sudo apt install python{version} python{version}-venv (where the distribution has it)")
    elif version and platform == "darwin":
        commands.append(f"brew install python@{version}")
    elif version and platform == "win32":
        commands.append(f"winget install Python.Python.{version}")
    return ", or ".join(commands)


def _installable_name(request: PythonRequest) -> str:
    """What an installer of Pythons takes: the version asked for, else the newest minor that the range allows."""
    if request.pin_text is not None:
        return request.pin_text.removesuffix("-dev")
    name = "" if request.implementation in (None, "cpython") else request.implementation
    threads = "t" if request.free_threaded else ""
    for minor in range(_NEWEST_MINOR, OLDEST_USABLE[1] - 1, -1):
        if request.accepts(_imagined(minor, request)):
            return f"{name}3.{minor}{threads}"
    return f"'{name}{request.specifier}'"


def _imagined(minor: int, request: PythonRequest) -> Interpreter:
    """A late release of that minor, to ask whether a range allows it."""
    return Interpreter(
        executable=Path("python"),
        implementation=request.implementation or "cpython",
        version=(3, minor, 99),
        version_text=f"3.{minor}.99",
        prerelease=False,
        free_threaded=request.free_threaded,
        machine="",
        bits=64,
        source="",
    )
