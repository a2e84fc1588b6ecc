"""What pip-compile is given to read: everything declared, one file for each file that it stands in.

The project's own files are read by pyve and written anew: groups and includes are resolved, the project itself is not
built where its metadata stand in a file, and each line's origin is known when something fails.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.project.locking.lock_target import LockPart, LockTarget
from pyve.project.locking.requirement_inputs import read_beside_locks
from pyve.project.manifest import has_manifest
from pyve.project.manifests.dependency_groups import Entry
from pyve.project.manifests.index_options import join_options
from pyve.project.manifests.local_requirement import is_project_itself, read_own_extras
from pyve.project.manifests.manifest_text import show_path
from pyve.project.manifests.pyproject_toml import PyprojectToml, read_pyproject_toml
from pyve.project.manifests.requirement_line import parse_requirement
from pyve.project.manifests.requirement_refusal import Place
from pyve.project.named_parts import expand_own_extras
from pyve.project.requirement import IndexOptions, Requirement

PYPROJECT = "pyproject.toml"
_BUILT_NAMES = ("setup.py", "setup.cfg")


@dataclass(frozen=True, kw_only=True)
class CompileFile:
    """Requirements that stand together; `label` names where, as in `-r requirements.in` or `demo (pyproject.toml)`."""

    label: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, kw_only=True)
class CompileInputs:
    """`built` are files of the project whose needs only its build system tells, with the `built_extras` of it."""

    files: tuple[CompileFile, ...]
    constraints: tuple[CompileFile, ...]
    options: IndexOptions
    built: tuple[Path, ...] = ()
    built_extras: tuple[str, ...] = ()

    @property
    def declared(self) -> tuple[Requirement, ...]:
        """What is asked for, constraints left out."""
        return tuple(one for file in self.files for one in file.requirements)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """All of them, constraints too: what a failure may be about."""
        return tuple(one for file in (*self.files, *self.constraints) for one in file.requirements)


def read_compile_inputs(target: LockTarget, *, root: Path, environment: Mapping[str, str]) -> CompileInputs:
    """Read the sources and parts of `target`. Raises what reading them raises, with file and line."""
    reading = _Reading(root=root, environment=environment, above=target.above)
    for source in target.sources:
        reading.take_source(source)
    for part in target.parts:
        reading.take_part(part)
    reading.take_project_itself()
    return reading.result()


class _Reading:
    """What has been read so far, by the label of where it stands."""

    def __init__(self, *, root: Path, environment: Mapping[str, str], above: tuple[Path, ...]) -> None:
        self._root = root
        self._above = above
        self._environment = environment
        self._declared: dict[str, list[Requirement]] = {}
        self._constraints: dict[str, list[Requirement]] = {}
        self._options = IndexOptions()
        self._built: list[Path] = []
        self._built_extras: list[str] = []
        self._itself: list[Requirement] = []
        self._taken: set[Path] = set()

    def result(self) -> CompileInputs:
        """What pip-compile is given."""
        return CompileInputs(
            files=_files(self._declared),
            constraints=_files(self._constraints),
            options=self._options,
            built=tuple(dict.fromkeys(self._built)),
            built_extras=tuple(dict.fromkeys(self._built_extras)),
        )

    def take_source(self, source: Path) -> None:
        """Take what is always installed."""
        if source in self._taken:
            return
        self._taken.add(source)
        if source.name in _BUILT_NAMES:
            self._built.append(source)
        elif source.name != PYPROJECT:
            self._take_requirements(source)
        elif (project := read_pyproject_toml(source, root=self._root)).has_dynamic_dependencies:
            self._built.append(source)
        else:
            self._take_entries(project.dependencies, project, self._label(project))

    def take_part(self, part: LockPart) -> None:
        """Take an extra or a group."""
        if part.source.name in _BUILT_NAMES:
            self._built_extras.append(part.name)
        elif part.source.name != PYPROJECT:
            self.take_source(part.source)
        else:
            self._take_part_of(read_pyproject_toml(part.source, root=self._root), part)

    def take_project_itself(self) -> None:
        """Take the project's own needs where a requirements file names the project, as in `-e .[test]`."""
        path = self._root / PYPROJECT
        if not self._itself or not has_manifest(path):
            return
        self.take_source(path)
        for extra in dict.fromkeys(extra for one in self._itself for extra in read_own_extras(one)):
            self.take_part(LockPart(kind="extra", name=extra, source=path))

    def _take_part_of(self, project: PyprojectToml, part: LockPart) -> None:
        if part.kind == "group":
            self._take_entries(project.groups.get(part.name, ()), project, self._label(project, f":{part.name}"))
        elif project.path in self._built:
            self._built_extras.append(part.name)
        else:
            self._take_entries(project.optional_dependencies.get(part.name, ()), project, self._label(project))

    def _take_entries(self, entries: Iterable[Entry], project: PyprojectToml, label: str) -> None:
        known = project.optional_dependencies
        for entry in expand_own_extras(entries, name=project.name, extra_entries=known):
            folder = project.path.parent
            place = Place(root=self._root, folder=folder, origin=entry.origin, environment=self._environment)
            self._declared.setdefault(label, []).append(parse_requirement(entry.text, place))

    def _take_requirements(self, source: Path) -> None:
        read = read_beside_locks(source, root=self._root, environment=self._environment, above=self._above)
        self._itself += [one for one in read.requirements if is_project_itself(one)]
        self._options = join_options(self._options, read.options)
        for one in read.requirements:
            if not is_project_itself(one):
                self._declared.setdefault(f"-r {_file_of(one)}", []).append(one)
        for one in read.constraints:
            self._constraints.setdefault(f"-c {_file_of(one)}", []).append(one)

    def _label(self, project: PyprojectToml, part: str = "") -> str:
        shown = f"({show_path(project.path, self._root)}{part})"
        return f"{project.name} {shown}" if project.name else shown


def _files(found: Mapping[str, list[Requirement]]) -> tuple[CompileFile, ...]:
    return tuple(CompileFile(label=label, requirements=tuple(ones)) for label, ones in found.items())


def _file_of(requirement: Requirement) -> str:
    return requirement.origin.rpartition(":")[0] or requirement.origin
