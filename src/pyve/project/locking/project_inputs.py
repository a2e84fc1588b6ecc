"""What a project's own files declare, as inputs of a lock, and the settings of what locks it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.project.local_content import BUILD_INPUT_NAMES
from pyve.project.locking.declared_content import digest_declaring_file, digest_declaring_place
from pyve.project.locking.lock_inputs import InputPart, LockInput
from pyve.project.locking.lock_target import LockTarget
from pyve.project.locking.pip_tools_inputs import PIP_TOOLS_SETTINGS_NAME, read_pip_tools_inputs
from pyve.project.locking.requirement_inputs import WrittenTexts, input_of
from pyve.project.manifest import UV_SETTINGS_NAME, has_manifest
from pyve.project.manifests.dependency_groups import Entry
from pyve.project.manifests.legacy_setup import LegacySetup, read_legacy_setup
from pyve.project.manifests.local_requirement import LocalPath, is_installable
from pyve.project.manifests.manifest_text import find_line
from pyve.project.manifests.pyproject_toml import PyprojectToml, read_pyproject_toml
from pyve.project.manifests.requirement_line import parse_requirement
from pyve.project.manifests.requirement_refusal import Place, refuse_requirement
from pyve.project.manifests.uv_settings import UvSettings, read_uv_toml
from pyve.project.named_parts import expand_own_extras
from pyve.project.requirement import Requirement

_ITSELF = re.compile(r"^(?:\w+ [^:]*: )?(?:-e )?the project itself(?:\[([^\]]*)\])?(?:;|$)")
_PROJECT_FILES = frozenset({"pyproject.toml", "setup.py", "setup.cfg"})


def is_project_file(path: Path) -> bool:
    """True for the files that a project's build system reads."""
    return path.name in _PROJECT_FILES


def find_own_extras(inputs: Iterable[LockInput]) -> tuple[str, ...] | None:
    """Return the extras with which requirements name the project itself, as `-e .[test]`; None where none does."""
    found = [match for one in inputs if (match := _ITSELF.search(one.text))]
    return (
        tuple(dict.fromkeys(extra for one in found for extra in (one[1] or "").split(",") if extra)) if found else None
    )


def read_project_inputs(
    target: LockTarget, *, root: Path, environment: Mapping[str, str], own_extras: tuple[str, ...] | None = None
) -> InputPart:
    """Read what of these files counts for `target`; requires-python and the lockers' settings count for every lock.

    `own_extras` are those of find_own_extras: what they hold, and what the project itself needs, counts then too.

    Raises what reading those files raises, with file and line.
    """
    project = _Project.read(root, environment)
    is_source = any(map(is_project_file, target.sources))
    inputs = [*project.requires_python(), *project.uv_settings(), *read_pip_tools_inputs(root)]
    if is_source or own_extras is not None:
        inputs += [*project.dependencies(own_extras or ()), *project.build_inputs()]
    for part in target.parts:
        if is_project_file(part.source):
            inputs += project.part(part.kind, part.name)
    return InputPart(inputs=tuple(inputs), files=project.files)


@dataclass(frozen=True, kw_only=True)
class _Project:
    """The files, parsed."""

    root: Path
    environment: Mapping[str, str]
    pyproject: PyprojectToml | None
    legacy: LegacySetup
    uv_toml: UvSettings
    texts: WrittenTexts

    @classmethod
    def read(cls, root: Path, environment: Mapping[str, str]) -> "_Project":
        path, uv_toml = root / "pyproject.toml", root / UV_SETTINGS_NAME
        return cls(
            root=root,
            environment=environment,
            pyproject=read_pyproject_toml(path, root=root) if has_manifest(path) else None,
            legacy=read_legacy_setup(root),
            uv_toml=read_uv_toml(uv_toml, root=root) if has_manifest(uv_toml) else UvSettings(),
            texts=WrittenTexts(root=root),
        )

    @property
    def files(self) -> tuple[Path, ...]:
        names = (*sorted(_PROJECT_FILES), UV_SETTINGS_NAME, PIP_TOOLS_SETTINGS_NAME)
        return tuple(self.root / name for name in names if has_manifest(self.root / name))

    def dependencies(self, extras: Iterable[str]) -> Iterator[LockInput]:
        """[project].dependencies, and what `extras` hold."""
        if self.pyproject is not None:
            there = self.pyproject.optional_dependencies
            entries = (*self.pyproject.dependencies, *(entry for name in extras for entry in there.get(name, ())))
            yield from self._read_entries(entries, kind="")

    def part(self, kind: str, name: str) -> list[LockInput]:
        """An extra or group; one without any requirement is an input too."""
        if self.pyproject is None:
            return []
        there = self.pyproject.optional_dependencies if kind == "extra" else self.pyproject.groups
        found = list(self._read_entries(there.get(name, ()), kind=f"{kind} {name}: "))
        return found or [LockInput(text=f"{kind} {name}: nothing", origin="pyproject.toml")]

    def requires_python(self) -> Iterator[LockInput]:
        own = self.pyproject.requires_python if self.pyproject else None
        value, name = (own, "pyproject.toml") if own else (self.legacy.requires_python, "setup.cfg")
        if value:
            parts = ",".join(sorted(re.sub(r"\s+", "", part) for part in value.split(",") if part.strip()))
            line = find_line(self.texts.read(self.root / name), r"^\s*(?:requires-python|python_requires)\s*=")
            yield LockInput(text=f"requires-python: {parts}", origin=f"{name}:{line}" if line else name)

    def uv_settings(self) -> Iterator[LockInput]:
        own = self.pyproject.uv if self.pyproject else UvSettings()
        for settings, name in ((own, "pyproject.toml"), (self.uv_toml, UV_SETTINGS_NAME)):
            table = json.loads(settings.canonical) if settings.canonical else {}
            for key in sorted(table):
                line = find_line(
                    self.texts.read(self.root / name), rf"^\s*(?:\[+\s*(?:tool\.uv\.)?)?{re.escape(key)}\b"
                )
                value = json.dumps(table[key], sort_keys=True, ensure_ascii=False)
                yield LockInput(text=f"setting: {key} {value}", origin=f"{name}:{line}" if line else name)
        for location, _ in own.local_sources:
            path = (self.root / location).resolve()
            if is_installable(LocalPath(path=path)):
                yield LockInput(text=f"file: {location} {digest_declaring_place(path)}", origin="pyproject.toml")

    def build_inputs(self) -> Iterator[LockInput]:
        """What counts by its content, because only a build tells what it needs."""
        if self.pyproject is not None and self.pyproject.has_project and not self.pyproject.has_dynamic_dependencies:
            return
        named = (*self.legacy.named_files, *(self.pyproject.named_files if self.pyproject else ()))
        for name in dict.fromkeys((*BUILD_INPUT_NAMES, *named)):
            path = self.root / name
            if path.is_file() and path.resolve().is_relative_to(self.root.resolve()):
                yield LockInput(text=f"file: {name} sha256:{digest_declaring_file(path)}", origin=name)

    def _read_entries(self, entries: Iterable[Entry], *, kind: str) -> Iterator[LockInput]:
        name = self.pyproject.name if self.pyproject else None
        extras = self.pyproject.optional_dependencies if self.pyproject else {}
        for entry in expand_own_extras(entries, name=name, extra_entries=extras):
            yield input_of(_parse(entry, self.root, self.environment), self.texts, kind=kind)


def _parse(entry: Entry, root: Path, environment: Mapping[str, str]) -> Requirement:
    """Parse an entry of pyproject.toml, where only the forms of PEP 508 are allowed."""
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    place = Place(root=root, folder=root, origin=entry.origin, environment=environment)
    try:
        Parsed(entry.text)
    except InvalidRequirement as error:
        raise refuse_requirement(entry.text, place, str(error).splitlines()[0].rstrip(".")) from error
    return parse_requirement(entry.text, place)
