"""What a project asks of a conda lock: environment.yml as it counts on each platform, and the lock that is there."""

import os
from dataclasses import dataclass
from pathlib import Path

from pyve.lockers.locker import CondaLockRequest, CondaSubdirRequest, LockTask
from pyve.project.conda.content_hash import content_hash
from pyve.project.conda.package import CondaPackage
from pyve.project.declared_files import DeclaredFiles
from pyve.project.locking.platform_markers import marker_environment
from pyve.project.manifests.conda_lock_row import LockRow
from pyve.project.manifests.conda_lock_yml import CondaLockYml
from pyve.project.manifests.environment_yml import EnvironmentYml, read_environment_yml
from pyve.project.manifests.lock_request import lock_request_of
from pyve.verbs.conda_python import list_python_specs, request_conda_python
from pyve.verbs.conda_sources import CondaSources
from pyve.verbs.lock_project import LockProject


def make_conda_lock_request(project: LockProject, task: LockTask, *, existing: CondaLockYml | None) -> CondaLockRequest:
    """Read what is declared for each platform of `task`; `existing` is the lock that is there, where it can be read.

    Raises what reading environment.yml raises, PlatformUnknownError, PythonConflictError and ChannelInvalidError.
    """
    for platform in task.platforms:
        marker_environment(platform)  # raises for a name that is none
    reading = _Reading(project=project, task=task, existing=None if task.upgrade else existing)
    read = {platform: reading.read(platform) for platform in sorted(task.platforms)}
    first = next(iter(read.values())).yml
    default = project.config.conda.channels
    told = [note for one in read.values() for note in one.notes]
    return CondaLockRequest(
        subdirs={platform: one.request for platform, one in read.items()},
        channels=first.channels or tuple(default),
        sources=tuple(_as_seen_from(task.target.destination.parent, path) for path in task.target.sources),
        category=first.category or "main",
        priority=project.config.conda.channel_priority,
        micromamba=_find_micromamba(project),
        keyring=project.situation.settings.conda.keyring,
        notes=tuple(dict.fromkeys(told)),
    )


def _find_micromamba(project: LockProject) -> Path | None:
    """The one that is configured, else bootstrapped, else on PATH: only who asks for conda-lock needs it."""
    from pyve.engines.conda.bootstrap.shelves import find_bootstrapped
    from pyve.system.programs import find_program

    situation = project.situation
    known = situation.settings.conda.micromamba or find_bootstrapped(situation.environment, project=project.root)
    return known or find_program("micromamba", situation.environment)


@dataclass(frozen=True, kw_only=True)
class _ReadPlatform:
    yml: EnvironmentYml
    request: CondaSubdirRequest
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """One reading of environment.yml for all platforms."""

    project: LockProject
    task: LockTask
    existing: CondaLockYml | None

    def read(self, platform: str) -> _ReadPlatform:
        """What counts on one platform."""
        project, task = self.project, self.task
        situation, root = project.situation, project.root
        path = task.target.source
        yml = read_environment_yml(path, root=root, subdir=platform, environment=task.environment)
        sources = CondaSources(root=root, settings=situation.settings.conda, environment=task.environment)
        channels, notes = sources.of_specs(yml, default=project.config.conda.channels)
        declared = DeclaredFiles.of_pip_section(root, yml.pip, source=path.name)
        python = request_conda_python(
            situation,
            root,
            project.choices,
            project.config,
            yml=yml,
            requires_python=declared.requires_python,
        )
        origins = {sources.rewrite(spec): spec.origin for spec in yml.specs}
        if origins or yml.pip.requirements:
            origins |= list_python_specs(python.request, yml)
        packages, rows = self._list_earlier(platform)
        request = CondaSubdirRequest(
            specs=tuple(origins),
            origins=origins,
            channels=channels,
            content_hash=content_hash(lock_request_of(yml, environment=task.environment), platform),
            pip=yml.pip,
            prefer=packages,
            prefer_pip=rows,
            has_pip=yml.has_pip,
            pip_repositories=yml.pip_repositories,
        )
        return _ReadPlatform(yml=yml, request=request, notes=(*yml.notes, *notes))

    def _list_earlier(self, platform: str) -> tuple[tuple[CondaPackage, ...], tuple[LockRow, ...]]:
        """The packages and pip's rows of the lock that is there."""
        if self.existing is None:
            return (), ()
        rows = [row for row in self.existing.rows if row.platform == platform]
        packages = {row.package.url: row.package for row in rows if row.package is not None}
        return tuple(packages.values()), tuple(row for row in rows if row.manager == "pip")


def _as_seen_from(folder: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive of Windows
        return path.name
