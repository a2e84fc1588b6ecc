"""A conda-lock.yml that is installed: what is said of it, and what of environment.yml counts beside it."""

from dataclasses import dataclass, replace

from pyve.project.locking.freshness import LockState
from pyve.project.locking.lock_stamp import read_stamp
from pyve.project.locking.lock_target import LockFormat
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.conda_lock_yml import CondaLockYml
from pyve.project.manifests.environment_yml import EnvironmentYml
from pyve.project.manifests.manifest_text import decode_utf8
from pyve.project.python_request import PythonRequest
from pyve.project.requirement import RequirementSet
from pyve.project.some_names import show_some
from pyve.verbs.conda_lock_judgement import CondaLockJudging
from pyve.verbs.situation import Situation


@dataclass(frozen=True, kw_only=True)
class CondaLockUse:
    """`stale` says why the lock does not answer, empty when it does; `note` what is to be known when it is used."""

    stale: str = ""
    note: str = ""


def judge_lock(
    lock: CondaLockYml, yml: EnvironmentYml, *, subdir: str, python: PythonRequest, situation: Situation
) -> CondaLockUse:
    """Judge the lock for one subdir, which it covers, as `pyve lock --check` does for all.

    Raises LockInvalidError and LockTooNewError.
    """
    name = lock.path.name
    text = decode_utf8(read_manifest_bytes(lock.path), lock.path)
    stamp = read_stamp(text, LockFormat.CONDA_LOCK, shown=name)
    root = lock.path.parent
    judging = CondaLockJudging(situation=situation, root=root, lock=lock, text=text, stamp=stamp, sources=(yml.path,))
    if stamp is not None:
        judged = judging.judge_by_stamp(stamp, python, {subdir: yml})
        if judged.state is LockState.EDITED:
            return CondaLockUse(note=f"{name} was edited after it was locked; it is installed as it is.")
        return CondaLockUse(stale="" if judged.is_fresh else show_some(judged.reasons))
    unmet = judging.find_unmet(yml, subdir, python)
    if unmet:
        return CondaLockUse(stale=f"nothing in it satisfies {show_some(unmet)}")
    if judging.is_of_same_request(yml, subdir):
        return CondaLockUse()
    return CondaLockUse(
        note=f"{name} was made for another {yml.path.name}, but holds all that it asks for: it is used."
    )


def add_local_projects(locked: RequirementSet, declared: RequirementSet) -> RequirementSet:
    """The pins of a lock and the editable projects of the pip section, which locks leave out."""
    local = tuple(one for one in declared.requirements if one.editable)
    return replace(locked, requirements=(*locked.requirements, *local), options=declared.options, files=declared.files)


def write_lock_command(lock: CondaLockYml, yml: EnvironmentYml | None, *, platform: str = "") -> str:
    """What to type for a lock that answers `yml`, for its platforms and for `platform` too, where one is named."""
    named = "".join(f" --platform {name}" for name in dict.fromkeys((*lock.platforms, platform))) if platform else ""
    return f"{'' if yml else 'write an environment.yml, then: '}pyve lock{named}"
