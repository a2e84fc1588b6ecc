"""The platforms that a lock is made for: --platform > lock.platforms > environment.yml > the lock > this machine."""

from pyve.project.conda.subdir import current_subdir
from pyve.project.locking.freshness import LockJudgement
from pyve.project.locking.lock_stamp import LockStamp
from pyve.project.locking.lock_target import LockFormat, LockTarget
from pyve.verbs.lock_project import LockProject


def list_wished_platforms(project: LockProject, target: LockTarget) -> tuple[str, ...]:
    """Those that the lock must cover, by option, configuration or declaration; none: the lock that is there says.

    Raises what reading environment.yml raises.
    """
    wished = project.wishes.platforms or project.config.lock.platforms
    if wished or target.format is not LockFormat.CONDA_LOCK:
        return wished
    from pyve.project.manifests.environment_yml import read_environment_yml  # a venv has no use for YAML

    environment = project.situation.environment
    return read_environment_yml(
        target.source, root=project.root, subdir=current_subdir(), environment=environment
    ).platforms


def list_locked_platforms(judgement: LockJudgement, stamp: LockStamp | None) -> tuple[str, ...]:
    """Those of the lock that is there: a conda lock says so itself, whoever made it; none where nothing tells."""
    if judgement.conda_lock is not None:
        return judgement.conda_lock.platforms
    return stamp.platforms if stamp else ()


def choose_platforms(
    project: LockProject, target: LockTarget, judgement: LockJudgement, stamp: LockStamp | None
) -> tuple[str, ...]:
    """The platforms to lock for, sorted; `judgement` and `stamp` are of the lock that is there."""
    wished = list_wished_platforms(project, target)
    return tuple(sorted(set(wished or list_locked_platforms(judgement, stamp) or (current_subdir(),))))
