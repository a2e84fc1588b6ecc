"""Which Python interpreters this machine has."""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyve.system.interpreter_index import IndexEntry, InterpreterFacts, read_index, write_index
from pyve.system.interpreter_paths import CandidatePath, candidate_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from python_discovery import PythonInfo

_ANSWER_SECONDS = "3"  # python_discovery asks a silent program twice
_ASK_AGAIN_SECONDS = 3600.0
_PRERELEASE_LETTERS = {"alpha": "a", "beta": "b", "candidate": "rc"}


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """One interpreter that answered. `executable` is absolute, never a shim and never inside a virtual environment.

    `source` is where it was found first: "PATH", "pyenv", "asdf", "mise", "uv" or "registry".
    """

    executable: Path
    implementation: str  # "cpython", "pypy"
    version: tuple[int, int, int]
    version_text: str  # PEP 440, with the pre-release: "3.15.0rc1"
    prerelease: bool
    free_threaded: bool
    machine: str  # "x86_64", "arm64"
    bits: int
    source: str


def list_interpreters(
    *,
    environment: Mapping[str, str],
    home: Path | None,
    cache_directory: Path,
    now: float | None = None,
    platform: str = sys.platform,
) -> tuple[Interpreter, ...]:
    """Every interpreter of this machine, PATH first; what does not answer is left out.

    Each program is asked once, several at a time; the answer stands in `cache_directory` until the file changes. One
    that gave no answer is asked again after an hour; `now` (seconds since the epoch) is the clock's time by default.
    """
    now = time.time() if now is None else now
    candidates = list(candidate_paths(environment=environment, home=home, platform=platform))
    index = read_index(cache_directory)
    to_ask = [candidate for candidate in candidates if _must_ask(candidate, index.get(candidate.real), now)]
    if to_ask:
        answers = _ask_all(to_ask, environment)
        for candidate, facts in zip(to_ask, answers, strict=True):
            index[candidate.real] = IndexEntry(identity=candidate.identity, asked_at=now, facts=facts)
        write_index(cache_directory, index)
    found = ((candidate, index[candidate.real].facts) for candidate in candidates)
    return tuple(_interpreter(candidate, facts) for candidate, facts in found if facts is not None)


def _must_ask(candidate: CandidatePath, entry: IndexEntry | None, now: float) -> bool:
    if entry is None or entry.identity != candidate.identity:
        return True
    return entry.facts is None and not 0 <= now - entry.asked_at < _ASK_AGAIN_SECONDS


def _interpreter(candidate: CandidatePath, facts: InterpreterFacts) -> Interpreter:
    return Interpreter(
        executable=candidate.path,
        implementation=facts.implementation,
        version=facts.version,
        version_text=facts.version_text,
        prerelease=facts.prerelease,
        free_threaded=facts.free_threaded,
        machine=facts.machine,
        bits=facts.bits,
        source=candidate.source,
    )


def _ask_all(candidates: "Sequence[CandidatePath]", environment: Mapping[str, str]) -> list[InterpreterFacts | None]:
    import contextlib
    import io
    import logging
    from concurrent.futures import ThreadPoolExecutor

    # What a project or an activated environment sets must not reach a foreign interpreter: PYTHONHOME breaks it.
    clean = {name: value for name, value in environment.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    clean["PY_DISCOVERY_TIMEOUT"] = _ANSWER_SECONDS
    logger = logging.getLogger("python_discovery")  # warns on stderr about every Python 2 it meets
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        # python_discovery copies to stdout what a chatty interpreter prints; stdout is for results.
        with contextlib.redirect_stdout(io.StringIO()), ThreadPoolExecutor(max_workers=4) as pool:
            return list(pool.map(lambda candidate: _ask(candidate, clean), candidates))
    finally:
        logger.setLevel(level)


def _ask(candidate: CandidatePath, environment: Mapping[str, str]) -> InterpreterFacts | None:
    from python_discovery import PythonInfo

    try:
        info = PythonInfo.from_exe(
            str(candidate.path), raise_on_error=False, ignore_cache=True, resolve_to_host=False, env=environment
        )
    except (OSError, RuntimeError, ValueError):  # killed while it was read, output that is no text, ...
        return None
    if info is None or info.prefix != info.base_prefix:
        return None
    return _facts(info)


def _facts(info: "PythonInfo") -> InterpreterFacts:
    major, minor, micro, level, serial = info.version_info
    letter = _PRERELEASE_LETTERS.get(level, "")
    return InterpreterFacts(
        implementation=info.implementation.lower(),
        version=(major, minor, micro),
        version_text=f"{major}.{minor}.{micro}{letter}{serial if letter else ''}",
        prerelease=bool(letter),
        free_threaded=info.free_threaded,
        machine=info.machine,
        bits=info.architecture,
    )
