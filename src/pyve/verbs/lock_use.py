"""A lock that sync installs, beside what it was made from: whether it still answers that."""

from dataclasses import replace
from pathlib import Path

from pyve.errors import PyveError
from pyve.errors.conda import LockPlatformMissingError
from pyve.errors.lock import LockInvalidError
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

_UNUSABLE = (LockState.EMPTY, LockState.DAMAGED)


def judge_installed_locks(situation: Situation, declaration: Declaration, config: ProjectConfig) -> Declaration:
    """The declaration of a venv, with what is to be said of its locks; what they were made from counts as read.

    A lock is installed as it is, out of date or not. Raises LockPlatformMissingError where it was made for other
    platforms than this one, and LockInvalidError where it holds nothing of what is declared, or a part of it.
    """
    root = declaration.root
    targets = _find_targets(root, config)
    there = [target for target in targets if has_manifest(target.destination)]
    used = [target for target in there if target.destination in declaration.files]
    if not there:
        return declaration
    # One that is not there beside others was forgotten: what it would hold is not installed.
    missing = [target.destination.name for target in targets if target not in there]
    stale, files = [f"{name} is missing" for name in missing], list(declaration.files)
    for target in used:
        judged = _judge(situation, target, root)
        files += judged.files
        if judged.state is LockState.OTHER_PLATFORM:
            raise _refuse_platform(target)
        if judged.state in _UNUSABLE:
            raise _refuse_unusable(judged)
        if not judged.is_fresh:
            stale.append(f"{target.destination.name} is out of date: {show_some(judged.reasons)}")
    told = "; ".join(stale)
    note = (f"{told}. What is locked is installed as it is; to lock again: pyve lock",) if told else ()
    return replace(
        declaration,
        files=tuple(dict.fromkeys(files)),
        notes=(*declaration.notes, *note),
        stale_lock=told,
        lock_command="pyve lock" if told else "",
    )


def explain_damaged_lock(situation: Situation, root: Path, config: ProjectConfig) -> LockInvalidError | None:
    """The failure for a lock that cannot be read because it was cut off; None where no lock is at fault."""
    there = [target for target in _find_targets(root, config) if has_manifest(target.destination)]
    judged = (_judge(situation, target, root) for target in there)
    return next((_refuse_unusable(one) for one in judged if one.state in _UNUSABLE), None)


def _refuse_unusable(judged: LockJudgement) -> LockInvalidError:
    return LockInvalidError(f"{'; '.join(judged.reasons)}.", hint="pyve lock")


def _find_targets(root: Path, config: ProjectConfig) -> tuple[LockTarget, ...]:
    try:
        found = find_lock_targets(root, backend="venv", settings=config.lock, extras=config.extras)
        return select_parts(found, extras=(), groups=())
    except PyveError:  # what cannot be locked at all is told by `pyve lock`
        return ()


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
