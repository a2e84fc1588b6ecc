"""What a project demands of a conda environment: specs to solve, or the packages of a lock, and why which."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.environments.choices import Choices
from pyve.errors import PythonConflictError
from pyve.errors.conda import CondaManifestMissingError, LockPlatformMissingError
from pyve.project.backend_rules import list_conda_names
from pyve.project.conda.declaration import CondaDeclaration
from pyve.project.conda.package import CondaPackage
from pyve.project.conda.python_spec import spec_of_python
from pyve.project.conda.subdir import current_subdir
from pyve.project.config import ProjectConfig
from pyve.project.declaration import Declaration
from pyve.project.declared_files import DeclaredFiles
from pyve.project.demand_joining import join_demands
from pyve.project.manifest import has_manifest
from pyve.project.manifests.conda_lock_yml import CondaLockYml, read_conda_lock_yml
from pyve.project.manifests.environment_yml import EnvironmentYml, read_environment_yml
from pyve.project.manifests.explicit_list import read_explicit_list
from pyve.project.python_pin import PythonAnswer, request_python
from pyve.project.python_request import PythonRequest, is_disjoint, parse_python_request
from pyve.project.requirement import RequirementSet
from pyve.verbs.conda_lock_use import judge_lock
from pyve.verbs.conda_sources import CondaSources
from pyve.verbs.situation import Situation

LOCK_NAME = "conda-lock.yml"
_YML_NAMES = ("environment.yml", "environment.yaml")
# The strongest answers: they ask for a python where environment.yml names none.
_SAID_BY_USER = ("argument", "PYVE_PYTHON_VERSION", "pyve.toml", "[tool.pyve]")


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
    yml_name = next((name for name in _YML_NAMES if name in names), None)
    reading = _Reading(situation=situation, root=root, choices=choices, config=config, subdir=current_subdir())
    if yml_name is not None:
        yml = read_environment_yml(root / yml_name, root=root, subdir=reading.subdir, environment=situation.environment)
        return reading.read_declared(yml, lock_name=LOCK_NAME if LOCK_NAME in names else None)
    if LOCK_NAME in names:
        return reading.read_locked(None)
    if names:
        return reading.read_listed(names)
    raise CondaManifestMissingError(
        "Nothing here declares conda packages: there is neither an environment.yml nor a conda-lock.yml.",
        hint="pyve init --backend micromamba  # writes a small environment.yml",
    )


def read_conda_pin(situation: Situation, root: Path) -> PythonRequest | None:
    """The Python that environment.yml pins, if any; a ProjectError names file and line."""
    name = next((name for name in _YML_NAMES if has_manifest(root / name)), None)
    if name is None:
        return None
    yml = read_environment_yml(root / name, root=root, subdir=current_subdir(), environment=situation.environment)
    return parse_python_request(yml.python.removeprefix("="), source=name) if yml.python else None


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """One reading of a project's conda manifests."""

    situation: Situation
    root: Path
    choices: Choices
    config: ProjectConfig
    subdir: str

    def read_declared(self, yml: EnvironmentYml, *, lock_name: str | None) -> CondaDemand:
        """What environment.yml asks for, from its lock where that still answers it."""
        if lock_name is None:
            return self._solve(yml)
        lock = read_conda_lock_yml(self.root / lock_name, root=self.root)
        python = self._request_python(yml)
        if self.subdir not in lock.platforms:
            return self.read_locked(yml)
        judged = judge_lock(lock, yml, subdir=self.subdir, python=python.request, situation=self.situation)
        if not judged.stale:
            return _tell(self.read_locked(yml), judged.note)
        demand = self._solve(yml)
        complaint, command = f"{lock_name} is out of date: {judged.stale}", _lock_command(lock, yml)
        told = _tell(demand, f"{complaint}. The packages are solved from {yml.path.name}; to lock again: {command}")
        return replace(told, declaration=replace(told.declaration, stale_lock=complaint, lock_command=command))

    def read_locked(self, yml: EnvironmentYml | None) -> CondaDemand:
        """Exactly what conda-lock.yml holds for this platform, with what only environment.yml can say."""
        lock = read_conda_lock_yml(self.root / LOCK_NAME, root=self.root)
        if self.subdir not in lock.platforms:
            there = ", ".join(lock.platforms) or "no platform at all"
            raise LockPlatformMissingError(
                f"{LOCK_NAME} has no packages for {self.subdir}; it covers {there}.",
                hint=_lock_command(lock, yml, platform=self.subdir),
            )
        categories = ("main", *self._list_categories())
        pip = RequirementSet(requirements=lock.pip_requirements_for(self.subdir, categories=categories))
        return self._declare(
            source=LOCK_NAME,
            yml=yml,
            pip=_with_editables(pip, yml.pip) if yml else pip,
            packages=lock.packages_for(self.subdir, categories=categories),
            files=[self.root / LOCK_NAME],
        )

    def read_listed(self, names: Sequence[str]) -> CondaDemand:
        """Exactly what an @EXPLICIT list names."""
        name = names[0]
        listed = read_explicit_list(self.root / name, root=self.root, environment=self.situation.environment)
        if listed.platform not in (None, self.subdir):
            raise LockPlatformMissingError(
                f"{name} is a list for {listed.platform}, and this machine is {self.subdir}.",
                hint=f"conda list --explicit --sha256 > conda-{self.subdir}.lock  # on a machine of this platform",
            )
        demand = self._declare(
            source=name, yml=None, pip=RequirementSet(), packages=listed.packages, files=[self.root / name]
        )
        return _tell(demand, *listed.notes)

    def _solve(self, yml: EnvironmentYml) -> CondaDemand:
        return self._declare(source=yml.path.name, yml=yml, pip=yml.pip, packages=(), files=[])

    def _declare(
        self,
        *,
        source: str,
        yml: EnvironmentYml | None,
        pip: RequirementSet,
        packages: tuple[CondaPackage, ...],
        files: Sequence[Path],
    ) -> CondaDemand:
        environment = self.situation.environment
        declared = DeclaredFiles.of_pip_section(self.root, pip, source=source)
        names_project = declared.pyproject is not None  # else extras and groups are categories of the lock
        joined = join_demands(
            declared,
            extras=self._extras if names_project else (),
            groups=self._groups if names_project else (),
            include_dev=self._include_dev,
            environment=environment,
        )
        python = self._request_python(yml, requires_python=declared.requires_python)
        sources = CondaSources(root=self.root, settings=self.situation.settings.conda, environment=environment)
        default = self.config.conda.channels
        channels, channel_notes = (
            (sources.of_packages(yml, packages), ()) if packages else sources.of_specs(yml, default=default)
        )
        declared_specs = {sources.rewrite(spec): spec.origin for spec in yml.specs} if yml else {}
        python_specs = _python_specs(python.request, yml, locked=bool(packages))
        specs = () if packages or yml is None else (*declared_specs, *python_specs)
        conda = CondaDeclaration(
            subdir=self.subdir,
            specs=specs,
            origins=declared_specs,
            channels=channels,
            packages=packages,
            variables=yml.variables if yml else {},
            platforms=yml.platforms if yml else (),
        )
        declaration = Declaration(
            root=self.root,
            source=source,
            is_lock=bool(packages),
            is_whole=joined.is_whole and not any("$" in channel for channel in (yml.channels if yml else ())),
            requirements=joined.requirements,
            editable_project=self.root if joined.is_editable else None,
            project_extras=joined.project_extras,
            own_requirements=joined.own_requirements,
            extras=self._extras,
            groups=joined.parts.groups if names_project else self._groups,
            requires_python=declared.requires_python,
            build_inputs=joined.build_inputs,
            build_input_digest=joined.build_input_digest,
            files=tuple(dict.fromkeys((*([yml.path] if yml else ()), *files, *declared.paths))),
            evidence=(f"{source} declares the packages.", *joined.evidence),
            conda=conda,
            notes=(*(yml.notes if yml else ()), *channel_notes),
        )
        return CondaDemand(declaration=declaration, python=python)

    def _request_python(self, yml: EnvironmentYml | None, *, requires_python: str | None = None) -> PythonAnswer:
        answer = request_python(
            argument=self.choices.python,
            environment=self.situation.environment,
            configured=self.config.python,
            configured_source=self.config.source,
            environment_yml_pin=yml.python if yml else None,
            root=self.root,
            requires_python=requires_python,
        )
        if yml is not None and yml.python and answer.request.source != "environment.yml":
            pinned = parse_python_request(yml.python.removeprefix("="), source=yml.path.name)
            if pinned.specifier and is_disjoint(answer.request, pinned.specifier):
                who = "You ask" if answer.request.source == "argument" else f"{answer.request.source} asks"
                raise PythonConflictError(
                    f"{who} for Python {answer.request.text}, but {yml.path.name} pins it: {pinned.text}.",
                    hint=f"change one of the two: $EDITOR {yml.path.name}",
                )
        return answer

    @property
    def _include_dev(self) -> bool:
        return self.config.dev if self.choices.dev is None else self.choices.dev

    def _list_categories(self) -> tuple[str, ...]:
        """The categories of a lock that count beside `main`: groups and extras by name, `dev` unless left out."""
        return (*(("dev",) if self._include_dev else ()), *self._groups, *self._extras)

    @property
    def _extras(self) -> tuple[str, ...]:
        return self.config.extras if self.choices.extras is None else self.choices.extras

    @property
    def _groups(self) -> tuple[str, ...]:
        return self.config.groups if self.choices.groups is None else self.choices.groups


def _tell(demand: CondaDemand, *notes: str) -> CondaDemand:
    """The demand with what is to be told beside what its files say."""
    told = (*demand.declaration.notes, *filter(None, notes))
    return replace(demand, declaration=replace(demand.declaration, notes=told))


def _python_specs(request: PythonRequest, yml: EnvironmentYml | None, *, locked: bool) -> tuple[str, ...]:
    """The spec that a request for Python adds to those of environment.yml."""
    if locked or request.is_any or request.source == "environment.yml":
        return ()
    named = yml is not None and any(spec.name == "python" for spec in yml.specs)
    return (spec_of_python(request),) if named or request.source in _SAID_BY_USER else ()


def _with_editables(locked: RequirementSet, declared: RequirementSet) -> RequirementSet:
    """The pins of a lock and the local projects of the pip section, which locks leave out."""
    local = tuple(one for one in declared.requirements if one.editable)
    return replace(locked, requirements=(*locked.requirements, *local), options=declared.options, files=declared.files)


def _lock_command(lock: CondaLockYml, yml: EnvironmentYml | None, *, platform: str = "") -> str:
    file = yml.path.name if yml else "environment.yml"
    platforms = dict.fromkeys((*lock.platforms, *([platform] if platform else [])))
    return f"conda-lock lock -f {file} --lockfile {LOCK_NAME} {' '.join(f'-p {name}' for name in platforms)}"
