"""Why pip-compile failed, read from what it and pip printed."""

import re
from collections.abc import Iterable, Iterator

from pyve.engines.failure import FailedInstall, explain_failure
from pyve.errors import PyveError, ResolutionFailedError
from pyve.errors.lock import LockerUnfitError
from pyve.lockers.locker import LockTask
from pyve.lockers.pip_tools.body import read_pins
from pyve.lockers.yanked import tell_yanked
from pyve.project.nearest_name import find_nearest_name
from pyve.project.package_name import normalise_name
from pyve.project.requirement import Requirement

_TRACEBACK = "Traceback (most recent call last):"
_UNKNOWN_OPTION = re.compile(r"No such option:? '?(--[\w-]+)|(--uploaded-prior-to) requires pip")
_UNKNOWN_NAME = re.compile(r"satisfies the requirement ([A-Za-z0-9][\w.-]*)\S* .*?\(from versions: none\)")
_YANKED = re.compile(r"is a yanked version: '([^']+)' candidate \(version (\S+)")
_YANKED_REASON = re.compile(r"^\s*Reason for being yanked: (.+)$")
_CUT_OFF = re.compile(r"ConnectionFailedError|Connection aborted|RemoteDisconnected|IncompleteRead")
_LOOKED_IN = re.compile(r"Looking in indexes: (https?://[^\s,]+)")
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
    known = tuple(requirements)
    failure = explain_failure(
        FailedInstall(
            installer="pip-compile",
            output=keep_own_words(text),
            exit_status=exit_status,
            log=task.log,
            requirements=known,
            work_directory=task.work_directory,
        )
    )
    name = _UNKNOWN_NAME.search(text) if isinstance(failure, ResolutionFailedError) else None
    nearest = _find_nearest(normalise_name(name[1]), task, known) if name else None
    if nearest is None:
        return failure
    return ResolutionFailedError(failure.message, hint=f"did you mean {nearest}? else {failure.hint}")


def list_yanked(text: str) -> Iterator[str]:
    """Give a sentence for each yanked version (PEP 592) that was taken, because exactly that one is asked for."""
    lines = text.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        found = _YANKED.search(line)
        if found:
            reason = _YANKED_REASON.match(following)
            yield tell_yanked(found[1], found[2], reason[1].strip() if reason else "")


def _find_nearest(name: str, task: LockTask, known: Iterable[Requirement]) -> str | None:
    """The name that a misspelt one was probably meant to be: among those that are declared, or locked already."""
    pins = read_pins(task.existing or "").splitlines()
    locked = {normalise_name(re.split(r"[\s=\[]", pin, maxsplit=1)[0]) for pin in pins}
    return find_nearest_name(name, ({one.name for one in known if one.name} | locked) - {name})


def keep_own_words(text: str) -> str:
    """What pip said, without pip-compile's indentation and the tracebacks that it lets through.

    Of those the last line stays: what was raised, which pip itself would have printed.
    """
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if line.strip() == _TRACEBACK), len(lines))
    said = [line.removeprefix("  ") for line in lines[:start]]
    raised = [line for line in lines[start:] if line and not line.startswith(" ") and line.strip() != _TRACEBACK]
    if raised:
        if _CUT_OFF.search(text) and (place := _LOOKED_IN.search(text)):
            said.append(f"WARNING: connection closed by the index ({place[1]})")
        said.append(f"ERROR: {raised[-1].partition(': ')[2] or raised[-1]}")
    return "\n".join(said)
