"""Whether the locks of a project answer what it declares and what is wished of them."""

from collections.abc import Iterator
from dataclasses import replace

from pyve.errors.lock import LockInvalidError, LockTargetUnknownError
from pyve.project.locking.freshness import LockJudgement, LockState, judge_python_lock
from pyve.project.locking.lock_stamp import LockStamp, read_stamp
from pyve.project.locking.lock_target import LockFormat, LockTarget
from pyve.project.locking.lock_targets import is_made_by_tools
from pyve.verbs.lock_platforms import list_wished_platforms
from pyve.verbs.lock_project import LockProject


def judge_lock_target(project: LockProject, target: LockTarget) -> LockJudgement:
    """Judge one lock. No process is started, except for conda locks of other tools, which conda's versions decide."""
    if target.format is LockFormat.CONDA_LOCK:
        from pyve.verbs.conda_lock_judgement import judge_conda_lock  # a venv has no use for YAML

        judged = judge_conda_lock(
            project.situation,
            target,
            root=project.root,
            choices=project.choices,
            config=project.config,
            platforms=list_wished_platforms(project, target),
        )
    else:
        judged = judge_python_lock(
            target,
            root=project.root,
            environment=project.situation.environment,
            platforms=list_wished_platforms(project, target),
        )
    if not judged.is_fresh:
        return judged
    text = target.destination.read_bytes().decode("utf-8-sig", errors="replace")
    unmet = tuple(_list_unmet_wishes(project, target, read_usable_stamp(text, target.format)))
    return replace(judged, state=LockState.STALE, reasons=unmet) if unmet else judged


def read_usable_stamp(text: str | None, lock_format: LockFormat) -> LockStamp | None:
    """The stamp of a lock that is there; None also where it cannot be read, which the judgement tells."""
    if text is None:
        return None
    try:
        return read_stamp(text, lock_format)
    except LockInvalidError:
        return None


def refuse_foreign_file(project: LockProject, target: LockTarget, text: str | None) -> None:
    """Raise LockTargetUnknownError where a file stands that somebody wrote by hand, and no tool."""
    if text is None or not text.strip() or target.format is not LockFormat.REQUIREMENTS or is_made_by_tools(text):
        return
    if project.show(target.source).endswith(".in") and "<<<<<<<" in text:
        return  # a lock with a merge conflict in it is made anew
    name = project.show(target.destination)
    raise LockTargetUnknownError(
        f"{name} was written by hand: not everything in it is pinned. Locking would write over it.",
        hint=f"move what it asks for into {project.show(target.source)}, then: git rm {name}, or give --output FILE",
    )


def _list_unmet_wishes(project: LockProject, target: LockTarget, stamp: LockStamp | None) -> Iterator[str]:
    """What is wished of the lock beside what is declared, and is not so."""
    if stamp is None:
        yield from _list_unsaid_wishes(project)
        return
    date = project.exclude_newer
    if date is not None and date != stamp.exclude_newer:
        was = f"was made with what was there on {stamp.exclude_newer}" if stamp.exclude_newer else "knows no such date"
        yield f"packages newer than {date} are to be left out, and the lock {was}"
    if target.format is not LockFormat.CONDA_LOCK:
        yield from _list_other_pythons(project, target, stamp)
    wished = project.wishes.platforms
    if wished and set(wished) != set(stamp.platforms):
        yield f"it is for {', '.join(stamp.platforms)}, and {', '.join(wished)} is asked for"
    locker = project.wishes.locker or project.config.lock.locker
    if locker is not None and locker != stamp.locker:
        yield f"{stamp.locker} has made it, and {locker} is asked for"


def _list_unsaid_wishes(project: LockProject) -> Iterator[str]:
    """Options that ask for something of which a lock that another tool made says nothing."""
    wishes = project.wishes
    for option, value in (
        ("--platform", " ".join(wishes.platforms)),
        ("--python", wishes.python),
        ("--exclude-newer", wishes.exclude_newer),
        ("--locker", wishes.locker),
    ):
        if value:
            yield f"another tool made it, and it does not say whether it is what {option} {value} asks for"


def _list_other_pythons(project: LockProject, target: LockTarget, stamp: LockStamp) -> Iterator[str]:
    """Where an option asks for another range, or the project for a Python that the lock does not serve."""
    from pyve.verbs.lock_python import choose_lock_python, find_unserved_python

    served = stamp.python or "of any version"
    if project.wishes.python is not None:
        wanted = choose_lock_python(project, target, stamp, is_exact=stamp.locker == "pip-tools").specifier
        if wanted != stamp.python:
            yield f"it serves Python {served}, and {wanted} is asked for"
        return
    unserved = find_unserved_python(project, stamp)
    if unserved is not None:
        yield f"it serves Python {served}, and {unserved.source} asks for {unserved.text}"
