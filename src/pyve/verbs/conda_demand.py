"""What a project demands of a conda environment: specs to solve, or the packages of a lock, and why which."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.environments.choices import Choices
from pyve.errors.conda import CondaManifestMissingError, LockPlatformMissingError
from pyve.project.backend_rules import list_conda_names
from pyve.project.conda.declaration import CondaDeclaration
from pyve.project.conda.package import CondaPackage
from pyve.project.conda.subdir import current_subdir
from pyve.project.config import ProjectConfig
from pyve.project.declaration import Declaration
from pyve.project.declared_files import DeclaredFiles
from pyve.project.demand_joining import join_demands
from pyve.project.manifests.conda_lock_yml import CondaLockYml, read_conda_lock_yml
from pyve.project.manifests.environment_yml import EnvironmentYml
from pyve.project.manifests.explicit_list import read_explicit_list
from pyve.project.python_pin import PythonAnswer
from pyve.project.python_request import PythonRequest
from pyve.project.requirement import RequirementSet
from pyve.verbs.asked_parts import AskedParts, choose_asked_parts, refuse_unknown_parts
from pyve.verbs.conda_lock_use import add_local_projects, judge_lock, write_lock_command
from pyve.verbs.conda_python import list_python_specs, read_yml, request_conda_python
from pyve.verbs.conda_sources import CondaSources
from pyve.verbs.situation import Situation

LOCK_NAME = "conda-lock.yml"


@dataclass(frozen=True, kw_only=True)
class CondaDemand:
    """The declaration, and the Python that is asked for beside it."""

    declaration: Declaration
    python: PythonAnswer


def read_conda_demand(situation: Situation, root: Path, choices: Choices, config: ProjectConfig) -> CondaDemand:
    """Read the conda manifests of the project; a ProjectError names file and line.

    Raises CondaManifestMissingError, PythonConflictError and, for a lock without packages for this platform,
    LockPlatformMissingError.
    """
    names = list_conda_names(root)
    yml = read_yml(situation, root)
    lock = read_conda_lock_yml(root / LOCK_NAME, root=root) if LOCK_NAME in names else None
    reading = _Reading(situation=situation, root=root, choices=choices, config=config, yml=yml, subdir=current_subdir())
    if lock is not None:
        return reading.read_locked(lock) if yml is None else reading.read_both(yml, lock)
    if yml is not None:
        return reading.read_declared(yml)
    if names:
        return reading.read_listed(names[0])
    raise CondaManifestMissingError(
        "Nothing here declares conda packages: there is neither an environment.yml nor a conda-lock.yml.",
        hint="pyve init --backend micromamba  # writes a small environment.yml",
    )


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """One reading of a project's conda manifests."""

    situation: Situation
    root: Path
    choices: Choices
    config: ProjectConfig
    yml: EnvironmentYml | None
    subdir: str

    def read_both(self, yml: EnvironmentYml, lock: CondaLockYml) -> CondaDemand:
        """What environment.yml asks for, from its lock where that still answers it."""
        python = self._request_python()
        if self.subdir not in lock.platforms:
            return self.read_locked(lock)
        judged = judge_lock(lock, yml, subdir=self.subdir, python=python.request, situation=self.situation)
        if not judged.stale:
            return _tell(self.read_locked(lock), judged.note)
        complaint, command = f"{LOCK_NAME} is out of date: {judged.stale}", write_lock_command(lock, yml)
        told = _tell(
            self.read_declared(yml),
            f"{complaint}. The packages are solved from {yml.path.name}; to lock again: {command}",
        )
        return replace(told, declaration=replace(told.declaration, stale_lock=complaint, lock_command=command))

    def read_declared(self, yml: EnvironmentYml) -> CondaDemand:
        """What environment.yml asks for, to be solved."""
        return self._declare(source=yml.path.name, pip=yml.pip)

    def read_locked(self, lock: CondaLockYml) -> CondaDemand:
        """Exactly what conda-lock.yml holds for this platform, with what only environment.yml can say."""
        if self.subdir not in lock.platforms:
            there = ", ".join(lock.platforms) or "no platform at all"
            raise LockPlatformMissingError(
                f"{LOCK_NAME} has no packages for {self.subdir}; it covers {there}.",
                hint=write_lock_command(lock, self.yml, platform=self.subdir),
            )
        parts = self._parts
        categories = ("main", *(("dev",) if parts.include_dev else ()), *parts.groups, *parts.extras)
        pip = RequirementSet(requirements=lock.pip_requirements_for(self.subdir, categories=categories))
        return self._declare(
            source=LOCK_NAME,
            pip=add_local_projects(pip, self.yml.pip) if self.yml else pip,
            packages=lock.packages_for(self.subdir, categories=categories),
            files=[lock.path],
            categories=lock.categories,
        )

    def read_listed(self, name: str) -> CondaDemand:
        """Exactly what the @EXPLICIT list called `name` holds."""
        listed = read_explicit_list(self.root / name, root=self.root, environment=self.situation.environment)
        if listed.platform not in (None, self.subdir):
            raise LockPlatformMissingError(
                f"{name} is a list for {listed.platform}, and this machine is {self.subdir}.",
                hint=f"conda list --explicit --sha256 > conda-{self.subdir}.lock  # on a machine of this platform",
            )
        demand = self._declare(source=name, pip=RequirementSet(), packages=listed.packages, files=[self.root / name])
        return _tell(demand, *listed.notes)

    def _declare(
        self,
        *,
        source: str,
        pip: RequirementSet,
        packages: tuple[CondaPackage, ...] = (),
        files: Sequence[Path] = (),
        categories: tuple[str, ...] = (),
    ) -> CondaDemand:
        """The demand for `packages`, or for the specs of environment.yml where there are none."""
        yml, parts = self.yml, self._parts
        declared = DeclaredFiles.of_pip_section(self.root, pip, source=source)
        names_project = declared.pyproject is not None  # else extras and groups are categories of the lock
        if not names_project:
            refuse_unknown_parts(parts, categories, source=source)
        joined = join_demands(
            declared,
            extras=parts.extras if names_project else (),
            groups=parts.groups if names_project else (),
            include_dev=parts.include_dev,
            environment=self.situation.environment,
        )
        python = self._request_python(requires_python=declared.requires_python)
        conda, channel_notes = self._declare_conda(packages, python.request)
        declaration = Declaration(
            root=self.root,
            source=source,
            is_lock=bool(packages),
            is_whole=joined.is_whole and not any("$" in channel for channel in (yml.channels if yml else ())),
            requirements=joined.requirements,
            editable_project=self.root if joined.is_editable else None,
            project_extras=joined.project_extras,
            own_requirements=joined.own_requirements,
            extras=parts.extras,
            groups=joined.parts.groups if names_project else parts.groups,
            requires_python=declared.requires_python,
            build_inputs=joined.build_inputs,
            build_input_digest=joined.build_input_digest,
            files=tuple(dict.fromkeys((*([yml.path] if yml else ()), *files, *declared.paths))),
            evidence=(f"{source} declares the packages.", *joined.evidence),
            conda=conda,
            notes=(*(yml.notes if yml else ()), *channel_notes),
        )
        return CondaDemand(declaration=declaration, python=python)

    def _declare_conda(
        self, packages: tuple[CondaPackage, ...], python: PythonRequest
    ) -> tuple[CondaDeclaration, tuple[str, ...]]:
        """Conda's part of the declaration, and sentences about its channels."""
        yml = self.yml
        sources = CondaSources(
            root=self.root, settings=self.situation.settings.conda, environment=self.situation.environment
        )
        channels, notes = (
            (sources.of_packages(yml, packages), ())
            if packages
            else sources.of_specs(yml, default=self.config.conda.channels)
        )
        origins = {sources.rewrite(spec): spec.origin for spec in yml.specs} if yml else {}
        if yml is not None and not packages:
            origins |= list_python_specs(python, yml)
        conda = CondaDeclaration(
            subdir=self.subdir,
            specs=() if packages else tuple(origins),
            origins=origins,
            channels=channels,
            packages=packages,
            variables=yml.variables if yml else {},
            platforms=yml.platforms if yml else (),
        )
        return conda, notes

    def _request_python(self, *, requires_python: str | None = None) -> PythonAnswer:
        return request_conda_python(
            self.situation, self.root, self.choices, self.config, yml=self.yml, requires_python=requires_python
        )

    @property
    def _parts(self) -> AskedParts:
        return choose_asked_parts(self.choices, self.config)


def _tell(demand: CondaDemand, *notes: str) -> CondaDemand:
    """The demand with what is to be told beside what its files say."""
    told = (*demand.declaration.notes, *filter(None, notes))
    return replace(demand, declaration=replace(demand.declaration, notes=told))
