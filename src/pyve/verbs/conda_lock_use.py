"""A conda-lock.yml beside the environment.yml that it was made from: whether it still answers what that asks.

It is judged by content, never by the times of files.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.project.conda.content_hash import accepted_hashes
from pyve.project.conda.match_spec import parse_match_spec
from pyve.project.conda.package import CondaPackage
from pyve.project.manifests.conda_lock_yml import CondaLockYml
from pyve.project.manifests.environment_yml import EnvironmentYml
from pyve.project.manifests.lock_request import lock_request_of
from pyve.project.package_name import normalise_name
from pyve.project.python_request import PythonRequest
from pyve.project.requirement import RequirementSet
from pyve.project.some_names import show_some
from pyve.verbs.conda_python import spec_beside_yml
from pyve.verbs.situation import Situation


@dataclass(frozen=True, kw_only=True)
class LockJudgement:
    """`stale` says why the lock does not answer, empty when it does; `note` what is to be known when it is used."""

    stale: str = ""
    note: str = ""


def judge_lock(
    lock: CondaLockYml, yml: EnvironmentYml, *, subdir: str, python: PythonRequest, situation: Situation
) -> LockJudgement:
    """Judge the lock for one subdir, which it covers.

    Its content hash tells in most cases. A lock whose hash differs (other tools count other things, and not all count
    everything) answers as long as each spec is met by a package in it.
    """
    request = lock_request_of(yml, environment=situation.environment)
    is_same = lock.content_hashes.get(subdir) in accepted_hashes(request, subdir)
    asked = spec_beside_yml(python)
    packages = lock.packages_for(subdir, categories=lock.categories)
    if asked is not None and not any(package.name == "python" for package in packages):
        asked = None
    origins = {} if is_same else {spec.text: spec.origin for spec in yml.specs}
    if asked is not None:
        origins[asked] = python.source
    unmet = [f"{text} ({origins[text]})" for text in _find_unmet(tuple(origins), packages, situation)]
    if not is_same:
        unmet += _find_unmet_pip(lock, yml, subdir)
    if unmet:
        return LockJudgement(stale=f"nothing in it satisfies {show_some(unmet)}")
    if is_same:
        return LockJudgement()
    return LockJudgement(
        note=f"{lock.path.name} was made for another {yml.path.name}, but holds all that it asks for: it is used."
    )


def add_local_projects(locked: RequirementSet, declared: RequirementSet) -> RequirementSet:
    """The pins of a lock and the editable projects of the pip section, which locks leave out."""
    local = tuple(one for one in declared.requirements if one.editable)
    return replace(locked, requirements=(*locked.requirements, *local), options=declared.options, files=declared.files)


def write_lock_command(lock: CondaLockYml, yml: EnvironmentYml | None, *, platform: str = "") -> str:
    """What to type for a lock that answers `yml`, for its platforms and for `platform` too, where one is named."""
    named = "".join(f" --platform {name}" for name in dict.fromkeys((*lock.platforms, platform))) if platform else ""
    return f"{'' if yml else 'write an environment.yml, then: '}pyve lock{named}"


def _find_unmet(specs: tuple[str, ...], packages: tuple[CondaPackage, ...], situation: Situation) -> tuple[str, ...]:
    if not specs:
        return ()
    from pyve.engines.conda.engine import EngineSurroundings  # a lock of the same hash needs no engine
    from pyve.engines.conda.matching import find_unmet

    with tempfile.TemporaryDirectory(prefix="pyve-", ignore_cleanup_errors=True) as work:
        surroundings = EngineSurroundings(
            cache_directory=situation.cache_directory,
            environment=situation.environment,
            log=Path(work) / "engine.log",
            work_directory=Path(work),
        )
        found = find_unmet(specs, packages, surroundings)
    return _find_absent(specs, packages) if found is None else found


def _find_absent(specs: tuple[str, ...], packages: tuple[CondaPackage, ...]) -> tuple[str, ...]:
    """What can be said without an engine that knows conda's versions: the names that are missing."""
    names = {package.name for package in packages}
    return tuple(spec for spec in specs if parse_match_spec(spec).name not in names)


def _find_unmet_pip(lock: CondaLockYml, yml: EnvironmentYml, subdir: str) -> Iterator[str]:
    """The requirements of the pip section that no row answers; a conda package of the name does as well."""
    locked = lock.pip_requirements_for(subdir, categories=lock.categories)
    names = {one.name for one in locked}
    names |= {normalise_name(package.name) for package in lock.packages_for(subdir, categories=lock.categories)}
    for one in yml.pip.requirements:
        if one.name is not None and one.name not in names and not one.editable:
            yield f"{one.line} ({one.origin})"
