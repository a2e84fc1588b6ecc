"""A lock that sync installs, beside what it was made from: whether it still answers that."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pyve.errors import PyveError
from pyve.errors.conda import LockPlatformMissingError
from pyve.project.conda.subdir import current_subdir
from pyve.project.config import ProjectConfig
from pyve.project.declaration import Declaration
from pyve.project.locking.freshness import LockJudgement, LockState, judge_python_lock
from pyve.project.locking.lock_stamp import read_stamp
from pyve.project.locking.lock_target import LockTarget
from pyve.project.locking.lock_targets import find_lock_targets
from pyve.project.locking.part_selection import select_parts
from pyve.project.manifest import has_manifest
from pyve.project.some_names import show_some
from pyve.verbs.situation import Situation


def judge_installed_locks(situation: Situation, declaration: Declaration, config: ProjectConfig) -> Declaration:
    """The declaration of a venv, with what is to be said of its locks; what they were made from counts as read.

    A lock is installed as it is, out of date or not. Raises LockPlatformMissingError where it was made for other
    platforms than this one.
    """
    root = declaration.root
    used = [target for target in _find_targets(root, config) if target.destination in declaration.files]
    if not used:
        return declaration
    stale, files = [], list(declaration.files)
    for target in used:
        judged = _judge(situation, target, root)
        files += judged.files
        if judged.state is LockState.OTHER_PLATFORM:
            raise _refuse_platform(target)
        if not judged.is_fresh:
            stale.append(f"{target.destination.name} is out of date: {show_some(judged.reasons)}")
    told = "; ".join(stale)
    note = (f"{told}. It is installed as it is; to lock again: pyve lock",) if told else ()
    return replace(
        declaration,
        files=tuple(dict.fromkeys(files)),
        notes=(*declaration.notes, *note),
        stale_lock=told,
        lock_command="pyve lock" if told else "",
    )


def _find_targets(root: Path, config: ProjectConfig) -> Iterable[LockTarget]:
    try:
        found = find_lock_targets(root, backend="venv", settings=config.lock, extras=config.extras)
        targets = select_parts(found, extras=(), groups=())
    except PyveError:  # what cannot be locked at all is told by `pyve lock`
        return ()
    return (target for target in targets if has_manifest(target.destination))


def _judge(situation: Situation, target: LockTarget, root: Path) -> LockJudgement:
    """Judge; declaring files that cannot be read keep nobody from installing what was locked."""
    try:
        return judge_python_lock(target, root=root, environment=situation.environment, platforms=(current_subdir(),))
    except PyveError as error:
        why = f"what it was made from cannot be read: {error.message.partition(chr(10))[0].rstrip('.')}"
        return LockJudgement(state=LockState.STALE, reasons=(why,), files=target.sources)


def _refuse_platform(target: LockTarget) -> LockPlatformMissingError:
    text = target.destination.read_bytes().decode("utf-8-sig", errors="replace")
    stamp = read_stamp(text, target.format)
    there = stamp.platforms if stamp else ()
    wanted = " ".join(f"--platform {name}" for name in dict.fromkeys((*there, current_subdir())))
    named = ", ".join(there) or "other platforms"
    return LockPlatformMissingError(
        f"{target.destination.name} was locked for {named}, not for {current_subdir()}.",
        hint=f"pyve lock {wanted}",
    )
