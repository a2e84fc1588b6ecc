"""Why pip-compile failed, read from what it and pip printed."""

import re
from collections.abc import Iterable

from pyve.engines.failure import FailedInstall, explain_failure
from pyve.errors import PyveError
from pyve.errors.lock import LockerUnfitError
from pyve.lockers.locker import LockTask
from pyve.project.requirement import Requirement

_TRACEBACK = "Traceback (most recent call last):"
_UNKNOWN_OPTION = re.compile(r"No such option:? '?(--[\w-]+)|(--uploaded-prior-to) requires pip")
_USE_UV = "pyve lock --locker uv"


def explain_compile_failure(
    text: str, *, exit_status: int, task: LockTask, requirements: Iterable[Requirement]
) -> PyveError:
    """The error for a pip-compile that ended with `exit_status` after printing `text`."""
    unknown = _UNKNOWN_OPTION.search(text)
    if unknown:
        option = unknown[1] or unknown[2]
        version = task.tool_version or ""
        return LockerUnfitError(
            f"pip-tools {version}".rstrip() + f" with the pip that runs under this Python does not know {option}.",
            hint=f"leave lock.pip-tools out, or: {_USE_UV}",
        )
    return explain_failure(
        FailedInstall(
            installer="pip-compile",
            output=keep_own_words(text),
            exit_status=exit_status,
            log=task.log,
            requirements=tuple(requirements),
            work_directory=task.work_directory,
        )
    )


def keep_own_words(text: str) -> str:
    """What pip said, without pip-compile's indentation and the tracebacks that it lets through.

    Of those the last line stays: what was raised, which pip itself would have printed.
    """
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if line.strip() == _TRACEBACK), len(lines))
    said = [line.removeprefix("  ") for line in lines[:start]]
    raised = [line for line in lines[start:] if line and not line.startswith(" ") and line.strip() != _TRACEBACK]
    if raised:
        said.append(f"ERROR: {raised[-1].partition(': ')[2] or raised[-1]}")
    return "\n".join(said)
