"""Whether the python of an environment runs, and what it is."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from pyve.environments.script_headers import interpreter_of, make_header_safe, scripts_in
from pyve.errors import ProbeFailedError
from pyve.system.process import Finished, run_captured

_PROBE_SECONDS = 60  # a cold disk and a virus scanner; a probe that hangs must end
_SHOWN_CHARACTERS = 200
_HINT = "ask for another version of Python: pyve init VERSION"  # the new environment itself is gone by then
_MINOR = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
_FACTS = """
import json, platform, sys, sysconfig
print(json.dumps([platform.python_version(), platform.python_implementation().lower(), sysconfig.get_path('purelib')]))
"""


@dataclass(frozen=True, kw_only=True)
class PythonFacts:
    """What a python says of itself: version, implementation in small letters, its folder of packages."""

    version: str
    implementation: str
    site_packages: Path


def probe_python(python: Path, *, scripts: Path, expected: str) -> None:
    """Raise ProbeFailedError unless the new python runs and every console script leads to one that does."""
    reason = why_python_fails(python, expected=expected)
    if reason:
        raise ProbeFailedError(f"The new environment is not sound: {reason}.", hint=_HINT)
    if sys.platform == "win32":
        return  # launchers are programs there; the paths they hold are not in a header
    for script in scripts_in(scripts, interpreter=python):
        make_header_safe(script, interpreter=python)
        leads_to = interpreter_of(script)
        if leads_to is not None and not leads_to.exists():
            raise ProbeFailedError(
                f"The script {script.name} names an interpreter that is not there: {leads_to}.", hint=_HINT
            )


def ask_python(python: Path) -> PythonFacts:
    """What `python` is. Raises ProbeFailedError when it does not run."""
    finished = _run(python, "-I", "-c", _FACTS)
    if isinstance(finished, str):
        raise ProbeFailedError(f"The new environment is not sound: {finished}.", hint=_HINT)
    try:
        version, implementation, site_packages = json.loads(finished.stdout)
    except ValueError:
        raise ProbeFailedError(f"{python} does not say what it is.", hint=_HINT) from None
    return PythonFacts(version=version, implementation=implementation, site_packages=Path(site_packages))


def why_python_fails(python: Path, *, expected: str) -> str | None:
    """Why `python` is not the one of version `expected`, as the end of a sentence; None when it is."""
    finished = _run(python, "-I", "-S", "-c", _MINOR)
    if isinstance(finished, str):
        return finished
    # a patch release that the system brought under the environment is no damage: only the minor counts
    if not expected.startswith(finished.stdout.strip() + "."):
        return f"its python is {finished.stdout.strip()} now, and was {expected}"
    return None


def _run(python: Path, *arguments: str) -> Finished | str:
    try:
        finished = run_captured(
            [python, *arguments],
            environment={name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ},
            timeout_seconds=_PROBE_SECONDS,
        )
    except FileNotFoundError:
        return "its python is gone"
    except (OSError, TimeoutError) as error:
        return f"its python does not start ({error})"
    if finished.exit_status == 0:
        return finished
    said = finished.stderr.strip().rpartition("\n")[2][:_SHOWN_CHARACTERS]
    return f"its python does not run (exit status {finished.exit_status}{': ' if said else ''}{said})"
