"""Why conda-lock failed, in one message: it prints whole tracebacks."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from pyve.errors import IndexUnreachableError, PyveError, ResolutionFailedError
from pyve.errors.conda import EngineFailedError

_UNREACHABLE = re.compile(
    r"(?i)ConnectionError|Max retries exceeded|Connection(?: attempt)? (?:refused|reset|timed out)|NameResolution"
    r"|Temporary failure in name resolution|HTTPSConnectionPool|HTTPConnectionPool|ProxyError|SSLError"
)
_UNSOLVED = re.compile(r"SolverProblem|SolveFailure|PackageNotFound|version solving failed", re.IGNORECASE)
_LAST_LINES = 8


@dataclass(frozen=True, kw_only=True)
class CondaLockFailure:
    """What the launcher wrote: the exception, and what micromamba printed where that is what failed."""

    kind: str = ""
    text: str = ""
    stdout: str = ""
    stderr: str = ""

    @property
    def is_of_micromamba(self) -> bool:
        """Whether micromamba ended without packages; it tells why itself when it is asked the same once more."""
        return self.kind == "CalledProcessError" or self.text.startswith("Could not lock the environment for platform")


def read_launcher_failure(file: Path, output: str) -> CondaLockFailure:
    """What is in `file`; where nothing is, all that there is to say is in the `output`."""
    try:
        document = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return CondaLockFailure(text=_last_lines(output))
    return CondaLockFailure(**{name: str(document.get(name) or "") for name in ("kind", "text", "stdout", "stderr")})


def explain(failure: CondaLockFailure, *, subdir: str, log: Path) -> PyveError:
    """The error for a failure that is not micromamba's; its text is redacted already."""
    why = _last_lines(failure.text) or failure.kind or "it said nothing"
    told = f"{failure.kind}: {why}"
    if _UNREACHABLE.search(told):
        return IndexUnreachableError(
            f"conda-lock could not fetch what it needs for pip's packages: {why}",
            hint="run it again when the network is there, or: pyve lock --locker rattler",
        )
    if _UNSOLVED.search(told):
        return ResolutionFailedError(
            f"No set of packages satisfies the pip section for {subdir}:\n{_indent(why)}",
            hint="loosen one of them: $EDITOR environment.yml",
        )
    return EngineFailedError(f"conda-lock failed for {subdir}: {why}", hint=f"the whole output: {log}")


def _last_lines(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-_LAST_LINES:])


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
