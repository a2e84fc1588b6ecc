"""What of an environment.yml the packages of a conda lock do not meet, told package by package."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from pyve.project.conda.match_spec import parse_match_spec
from pyve.project.conda.package import CondaPackage
from pyve.project.conda.subdir import current_subdir
from pyve.project.manifests.conda_lock_yml import CondaLockYml
from pyve.project.manifests.environment_yml import EnvironmentYml
from pyve.project.package_name import normalise_name
from pyve.verbs.situation import Situation


def can_tell(name: str, subdir: str) -> bool:
    """Whether the spec can be judged here: what virtual packages another machine has is not known."""
    return not name.startswith("__") or subdir == current_subdir()


def find_unmet_specs(
    specs: tuple[str, ...], packages: tuple[CondaPackage, ...], situation: Situation
) -> tuple[str, ...]:
    """The specs that no package meets; where no engine knows conda's versions, those whose names are missing."""
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


def find_unmet_pip(lock: CondaLockYml, yml: EnvironmentYml, subdir: str) -> Iterator[str]:
    """The requirements of the pip section that no row answers; a conda package of the name does as well."""
    locked = lock.pip_requirements_for(subdir, categories=lock.categories)
    names = {one.name for one in locked}
    names |= {normalise_name(package.name) for package in lock.packages_for(subdir, categories=lock.categories)}
    for one in yml.pip.requirements:
        if one.name is not None and one.name not in names and not one.editable:
            yield f"{one.line} ({one.origin})"
