"""Where a project with a venv declares its packages: which of its files, and which list in it, are to be changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyve.errors import UsageError
from pyve.errors.lock import DeclarationNotEditableError
from pyve.project.editing.declaration_place import DeclarationPlace
from pyve.project.editing.declared_part import DeclaredPart
from pyve.project.editing.pyproject_list import PyprojectList, find_list_keys
from pyve.project.editing.requirements_file import RequirementsFile
from pyve.project.locking.lock_targets import is_made_by_tools
from pyve.project.manifest import has_manifest, read_manifest_bytes
from pyve.project.manifests.legacy_setup import LegacySetup, read_legacy_setup
from pyve.project.manifests.manifest_text import decode_as_pip_does, decode_utf8
from pyve.project.manifests.pyproject_toml import PyprojectToml, read_pyproject_toml
from pyve.project.named_parts import DEFAULT_GROUP
from pyve.project.package_name import normalise_name

_INPUT = "requirements.in"
_LOOSE = "requirements.txt"
_PYPROJECT = "pyproject.toml"
_PART_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_MAIN_KEYS = ("project", "dependencies")


@dataclass(frozen=True, kw_only=True)
class DeclaringProject:
    """The files of a project with a venv that may declare packages.

    `verb` is `add` or `remove`, and `typed` the packages as the command line has them: for hints.
    """

    root: Path
    pyproject: PyprojectToml | None
    legacy: LegacySetup
    verb: str = "add"
    typed: str = "NAME"

    def place_of(self, part: DeclaredPart) -> DeclarationPlace:
        """Where a package of this part belongs.

        Raises DeclarationNotEditableError where what declares it is not for pyve to change.
        """
        if part.kind == "main":
            return self._main()
        if not _PART_NAME.fullmatch(part.name or DEFAULT_GROUP):
            raise UsageError(
                f"{part.name!r} is no name of a group or an extra.", hint="letters, digits and . _ - inside it"
            )
        if part.kind == "extra":
            return self._extra(part)
        return self._group(part, normalise_name(part.name or DEFAULT_GROUP))

    def list_places(self) -> Iterator[DeclarationPlace]:
        """All places that are there and that people write, those of what is always installed first."""
        if has_manifest(self.root / _INPUT):
            yield self._file(_INPUT, DeclaredPart(), f"{_INPUT} declares the packages")
        if self._is_loose(_LOOSE):
            yield self._file(_LOOSE, DeclaredPart(), f"{_LOOSE} is written by hand")
        if self.pyproject is not None:
            text = decode_utf8(read_manifest_bytes(self.pyproject.path), self.pyproject.path)
            for keys in find_list_keys(text):
                kind = {"dependencies": "main", "optional-dependencies": "extra"}.get(keys[1], "group")
                kind = kind if keys[0] == "project" else "group"
                part = _part_of_group(keys[-1]) if kind == "group" else DeclaredPart(kind="extra", name=keys[-1])
                yield self._in_pyproject(keys, DeclaredPart() if kind == "main" else part)
        for path in sorted(self.root.glob("requirements-*.in")):
            name = path.stem.removeprefix("requirements-")
            yield self._file(path.name, _part_of_group(name), f"{path.name} is there")
        if self._is_loose("requirements-dev.txt"):
            yield self._file("requirements-dev.txt", DeclaredPart(kind="dev"), "requirements-dev.txt is there")

    def _main(self) -> DeclarationPlace:
        if has_manifest(self.root / _INPUT):
            return self._file(_INPUT, DeclaredPart(), f"{_INPUT} declares the packages")
        project = self.pyproject if self.pyproject is not None and self.pyproject.has_project else None
        is_dynamic = project is not None and "dependencies" in project.dynamic
        if self._is_loose(_LOOSE) and (project is None or is_dynamic or not project.has_build_system):
            return self._file(_LOOSE, DeclaredPart(), f"{_LOOSE} declares the packages, and is written by hand")
        if project is not None:
            if is_dynamic:
                raise self._refuse_dynamic(project, "dependencies")
            return self._in_pyproject(_MAIN_KEYS, DeclaredPart())
        self._refuse_others()
        return self._file(_INPUT, DeclaredPart(), "no file declares packages yet")

    def _group(self, part: DeclaredPart, name: str) -> DeclarationPlace:
        layer = next((path for path in self.root.glob("requirements-*.in") if _layer_name(path) == name), None)
        if layer is not None:
            return self._file(layer.name, part, f"{layer.name} is there")
        if self.pyproject is not None and name in self.pyproject.groups:
            return self._in_pyproject(self._keys("dependency-groups", name), part)
        loose = f"requirements-{DEFAULT_GROUP}.txt" if name == DEFAULT_GROUP else ""
        if loose and self._is_loose(loose):
            return self._file(loose, part, f"{loose} is there, and is written by hand")
        main = self._main()
        if isinstance(main.places, PyprojectList):
            return self._in_pyproject(self._keys("dependency-groups", name), part)
        if main.path.name == _INPUT:
            return self._file(f"requirements-{name}.in", part, f"{_INPUT} declares the other packages")
        if loose and not has_manifest(self.root / loose):
            return self._file(loose, part, f"{_LOOSE} declares the other packages")
        raise DeclarationNotEditableError(
            f"There is no place for the group {name} beside {_LOOSE}; nothing was changed.",
            hint=f"git mv {_LOOSE} {_INPUT}  # then groups are files like requirements-{name}.in",
        )

    def _extra(self, part: DeclaredPart) -> DeclarationPlace:
        if self.pyproject is None or not self.pyproject.has_project:
            raise DeclarationNotEditableError(
                f"An extra is a part of a package, and no pyproject.toml with [project] describes one here, so "
                f"{part.name} has no place; nothing was changed.",
                hint=f"pyve {self.verb} --group {part.name} {self.typed}",
            )
        if "optional-dependencies" in self.pyproject.dynamic:
            raise self._refuse_dynamic(self.pyproject, "optional-dependencies")
        return self._in_pyproject(self._keys("project", "optional-dependencies", part.name), part)

    def _keys(self, *keys: str) -> tuple[str, ...]:
        """The keys, the last one as the file spells it."""
        assert self.pyproject is not None, "asked of a file that is there"
        text = decode_utf8(read_manifest_bytes(self.pyproject.path), self.pyproject.path)
        wanted = normalise_name(keys[-1])
        there = (one for one in find_list_keys(text) if one[:-1] == keys[:-1] and normalise_name(one[-1]) == wanted)
        return next(there, keys)

    def _in_pyproject(self, keys: tuple[str, ...], part: DeclaredPart) -> DeclarationPlace:
        called = f"[{keys[0]}].{keys[1]}" if len(keys) == 2 else f"[{keys[0]}.{keys[1]}].{keys[2]}"
        return DeclarationPlace(
            path=self.root / _PYPROJECT,
            places=PyprojectList(shown=_PYPROJECT, keys=keys, root=self.root),
            part=part,
            reason=f"{called} of {_PYPROJECT} declares them",
        )

    def _file(self, name: str, part: DeclaredPart, reason: str) -> DeclarationPlace:
        places = RequirementsFile(shown=name, root=self.root, folder=self.root)
        return DeclarationPlace(path=self.root / name, places=places, part=part, reason=reason)

    def _is_loose(self, name: str) -> bool:
        """Whether the file is there, and written by people: no tool's header, no hashes."""
        path = self.root / name
        if not has_manifest(path):
            return False
        text = decode_as_pip_does(read_manifest_bytes(path), path)
        # With a line that pins nothing only a header can make it a tool's: pins alone are written by people too.
        return "--hash=" not in text and not is_made_by_tools(f"{text}\nanything\n")

    def _refuse_dynamic(self, project: PyprojectToml, field: str) -> DeclarationNotEditableError:
        files = " and ".join(project.named_files) or "the build system's own files"
        return DeclarationNotEditableError(
            f"pyproject.toml says that its {field} are dynamic: they stand in {files}; nothing was changed.",
            hint=f"change {files}, then: pyve sync",
        )

    def _refuse_others(self) -> None:
        """Raise where something else declares packages here, which a new file would set aside."""
        if self.pyproject is not None and self.pyproject.is_poetry_only:
            raise self._refuse("pyproject.toml declares packages in [tool.poetry], which Poetry alone reads", "poetry")
        if has_manifest(self.root / "Pipfile"):
            verb = "install" if self.verb == "add" else "uninstall"
            raise self._refuse("Pipfile declares the packages, which Pipenv alone reads", "pipenv", verb)
        if self.legacy.source is not None:
            raise DeclarationNotEditableError(
                f"{self.legacy.source} declares the packages, and pyve changes no scripts; nothing was changed.",
                hint=f"change install_requires in {self.legacy.source}, then: pyve sync",
            )
        for name in (_LOOSE, "pylock.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"):
            if has_manifest(self.root / name):
                raise DeclarationNotEditableError(
                    f"{name} is a lock, and what it was made from is not here; nothing was changed.",
                    hint=f"write what the project itself needs into {_INPUT}, then: pyve lock",
                )

    def _refuse(self, why: str, tool: str, verb: str = "") -> DeclarationNotEditableError:
        return DeclarationNotEditableError(
            f"{why}; nothing was changed.", hint=f"{tool} {verb or self.verb} {self.typed}"
        )


def read_declaring_project(root: Path, *, verb: str, typed: str) -> DeclaringProject:
    """Read the files; what they raise names file and line."""
    path = root / _PYPROJECT
    pyproject = read_pyproject_toml(path, root=root) if has_manifest(path) else None
    return DeclaringProject(root=root, pyproject=pyproject, legacy=read_legacy_setup(root), verb=verb, typed=typed)


def _part_of_group(name: str) -> DeclaredPart:
    is_dev = normalise_name(name) == DEFAULT_GROUP
    return DeclaredPart(kind="dev") if is_dev else DeclaredPart(kind="group", name=name)


def _layer_name(path: Path) -> str:
    return normalise_name(path.stem.removeprefix("requirements-"))
