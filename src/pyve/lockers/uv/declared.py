"""What a lock's sources and parts declare, read once: uv reads the files itself, but tells little of where it stands.

Reading them first also raises what is wrong in them with file and line, before anything is started.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.project.locking.lock_target import LockPart, LockTarget
from pyve.project.locking.requirement_inputs import includes_lock, read_beside_locks
from pyve.project.manifests.dependency_groups import Entry
from pyve.project.manifests.index_options import join_options
from pyve.project.manifests.pyproject_toml import PyprojectToml, read_pyproject_toml
from pyve.project.manifests.requirement_line import parse_requirement
from pyve.project.manifests.requirement_refusal import Place
from pyve.project.named_parts import expand_own_extras
from pyve.project.requirement import IndexOptions, Requirement, RequirementSet


@dataclass(frozen=True, kw_only=True)
class Declared:
    """`base` is what is always installed, `parts` what each part adds. `name` is the project's, where it has one.

    `without_base` are sources that declare groups alone, which uv would try to build. `expanded` are parts that ask for
    extras of the project itself, which no index knows. `beside_locks` are files that include a lock above them
    (`-c requirements.txt`), read without it: what that will hold comes as constraints of the task.
    """

    base: RequirementSet
    parts: Mapping[LockPart, RequirementSet] = field(default_factory=dict)
    name: str | None = None
    without_base: tuple[Path, ...] = ()
    expanded: frozenset[LockPart] = frozenset()
    beside_locks: Mapping[Path, RequirementSet] = field(default_factory=dict)

    @property
    def options(self) -> IndexOptions:
        """The index options of all files together."""
        options = self.base.options
        for one in self.parts.values():
            options = join_options(options, one.options)
        return options

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """Everything that is asked for, as often as it stands there."""
        return (*self.base.requirements, *(one for part in self.parts.values() for one in part.requirements))

    @property
    def all(self) -> tuple[Requirement, ...]:
        """What is asked for, and what only constrains: all that a failure may be about."""
        constraints = [one for part in (self.base, *self.parts.values()) for one in part.constraints]
        return (*self.requirements, *constraints)


def is_requirements_file(path: Path) -> bool:
    """True for a file in pip's format, False for one that describes a project."""
    return path.name not in {"pyproject.toml", "setup.py", "setup.cfg"}


def read_declared(target: LockTarget, *, root: Path, environment: Mapping[str, str]) -> Declared:
    """Read what `target` is made from. Raises what reading those manifests raises."""
    reading = _Reading(root=root, environment=environment, above=target.above)
    base = {source: reading.read(source) for source in target.sources}
    return Declared(
        base=_join(base.values()),
        beside_locks={source: read for source, read in base.items() if reading.includes_lock(source)},
        parts={part: reading.read_part(part) for part in target.parts},
        name=reading.project_name(target),
        expanded=frozenset(part for part in target.parts if reading.names_project(part)),
        without_base=tuple(source for source in target.sources if reading.has_groups_alone(source)),
    )


@dataclass(frozen=True, kw_only=True)
class _Reading:
    root: Path
    environment: Mapping[str, str]
    above: tuple[Path, ...]
    known: dict[Path, PyprojectToml] = field(default_factory=dict)

    def read(self, source: Path) -> RequirementSet:
        if source.name == "pyproject.toml":
            return self._parse(source, [(one.text, one.origin) for one in self._pyproject(source).dependencies])
        if not is_requirements_file(source):  # only its build system knows
            return RequirementSet(files=(str(source),))
        return read_beside_locks(source, root=self.root, environment=self.environment, above=self.above)

    def includes_lock(self, source: Path) -> bool:
        return is_requirements_file(source) and includes_lock(source, self.above)

    def read_part(self, part: LockPart) -> RequirementSet:
        if part.source.name != "pyproject.toml":
            return self.read(part.source) if part.kind == "group" else RequirementSet()
        entries = self._entries(part)
        pyproject = self._pyproject(part.source)
        expanded = expand_own_extras(entries, name=pyproject.name, extra_entries=pyproject.optional_dependencies)
        return self._parse(part.source, [(one.text, one.origin) for one in expanded])

    def names_project(self, part: LockPart) -> bool:
        if part.source.name != "pyproject.toml":
            return False
        entries, pyproject = self._entries(part), self._pyproject(part.source)
        return expand_own_extras(entries, name=pyproject.name, extra_entries={}) != list(entries)

    def has_groups_alone(self, source: Path) -> bool:
        if source.name != "pyproject.toml":
            return False
        pyproject = self._pyproject(source)
        return not pyproject.has_project and not pyproject.has_build_system

    def project_name(self, target: LockTarget) -> str | None:
        for source in (*target.sources, *(part.source for part in target.parts)):
            if source.name == "pyproject.toml":
                return self._pyproject(source).name
        return None

    def _pyproject(self, path: Path) -> PyprojectToml:
        if path not in self.known:
            self.known[path] = read_pyproject_toml(path, root=self.root)
        return self.known[path]

    def _entries(self, part: LockPart) -> tuple[Entry, ...]:
        pyproject = self._pyproject(part.source)
        return (pyproject.optional_dependencies if part.kind == "extra" else pyproject.groups).get(part.name, ())

    def _parse(self, source: Path, entries: Iterable[tuple[str, str]]) -> RequirementSet:
        return RequirementSet(
            requirements=tuple(
                parse_requirement(
                    text, Place(root=self.root, folder=source.parent, origin=origin, environment=self.environment)
                )
                for text, origin in entries
            ),
            files=(str(source),),
        )


def _join(sets: Iterable[RequirementSet]) -> RequirementSet:
    joined = RequirementSet()
    for one in sets:
        joined = RequirementSet(
            requirements=(*joined.requirements, *one.requirements),
            constraints=(*joined.constraints, *one.constraints),
            options=join_options(joined.options, one.options),
            files=tuple(dict.fromkeys((*joined.files, *one.files))),
        )
    return joined
