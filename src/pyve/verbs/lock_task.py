"""The task that a locker gets: what is asked for, what is wished, and what is kept of the lock that is there."""

import contextlib
import hashlib
from dataclasses import replace
from pathlib import Path

from pyve.lockers.locker import LockTask
from pyve.project.locking.freshness import LockState
from pyve.project.locking.lock_target import LockFormat
from pyve.project.package_name import normalise_name
from pyve.system.files import make_private_directory
from pyve.verbs.lock_draft import LockDraft
from pyve.verbs.lock_platforms import choose_platforms
from pyve.verbs.lock_project import LockProject
from pyve.verbs.lock_python import choose_lock_python


def make_lock_task(
    project: LockProject,
    draft: LockDraft,
    *,
    locker: str,
    constraints: tuple[str, ...],
    work_directory: Path,
    log: Path,
) -> LockTask:
    """Make the task. Raises what choosing a Python and, for conda, reading environment.yml raise."""
    wishes, situation, settings = project.wishes, project.situation, project.config.lock
    is_one_platform = locker == "pip-tools"
    stamp = None if is_one_platform else draft.stamp
    task = LockTask(
        root=project.root,
        target=draft.target,
        platforms=choose_platforms(project, draft.target, draft.judgement, stamp),
        python=choose_lock_python(project, draft.target, draft.stamp, is_exact=is_one_platform),
        work_directory=work_directory,
        log=log,
        cache_directory=situation.cache_directory,
        environment=situation.environment,
        existing=draft.text if draft.judgement.state is not LockState.DAMAGED else None,
        constraints=constraints,
        upgrade=wishes.upgrade,
        upgrade_packages=tuple(map(normalise_name, wishes.upgrade_packages)),
        exclude_newer=project.exclude_newer,
        offline=wishes.offline,
        index_strategy=project.config.index_strategy,
        tool_version={"pip-tools": settings.pip_tools, "conda-lock": settings.conda_lock}.get(locker),
    )
    if draft.target.format is not LockFormat.CONDA_LOCK:
        return task
    from pyve.verbs.conda_lock_request import make_conda_lock_request  # a venv has no use for YAML

    return replace(task, conda=make_conda_lock_request(project, task, existing=draft.judgement.conda_lock))


def begin_log(project: LockProject) -> Path:
    """Where the output of lockers goes: one file for each project, begun anew by each run."""
    folder = project.situation.cache_directory / "lock-logs"
    make_private_directory(folder)
    digest = hashlib.sha256(str(project.root).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    log = folder / f"{project.root.name}-{digest}.log"
    with contextlib.suppress(OSError):  # on Windows another lock may be writing it
        log.unlink()
    return log
