"""The files of a project that may declare packages, read and parsed once."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.errors import PyveError
from pyve.project.foreign_lock import ForeignExport, find_foreign_lock, read_export
from pyve.project.group_files import find_group_files, list_candidates, read_group_files
from pyve.project.locking.lock_stamp import read_stamp
from pyve.project.locking.lock_target import LockFormat
from pyve.project.manifest import UV_SETTINGS_NAME, has_manifest, read_manifest_bytes
from pyve.project.manifests.legacy_setup import LegacySetup, read_legacy_setup
from pyve.project.manifests.pylock_toml import PylockToml, read_pylock_toml
from pyve.project.manifests.pyproject_toml import PyprojectToml, read_pyproject_toml
from pyve.project.manifests.uv_settings import UvSettings, read_uv_toml
from pyve.project.package_source import PackageSource, choose_source
from pyve.project.python_pin import REQUIRED_BY_PROJECT
from pyve.project.requirement import RequirementSet

_DEVELOPMENT = "requirements-dev.txt"
_DEVELOPMENT_GROUP = "dev"  # as which a pylock.toml holds that file


@dataclass(frozen=True, kw_only=True)
class DeclaredFiles:
    """What stands in the files; a requirements file that was passed over is not read.

    `group_files` are the requirements-NAME files of groups that were asked for, `file_groups` the names of all.
    `locked_python` is the range of versions that the lock among them serves. `foreign` is what came of exporting
    another tool's lock, `unexported` the name of such a lock that counts and was not exported.
    """

    root: Path
    source: PackageSource
    pyproject: PyprojectToml | None
    legacy: LegacySetup
    lock: PylockToml | None
    main: RequirementSet | None
    development: RequirementSet | None
    group_files: Mapping[str, RequirementSet] = field(default_factory=dict)
    file_groups: tuple[str, ...] = ()
    locked_python: str | None = None
    foreign: ForeignExport | None = None
    unexported: str = ""
    uv_toml: UvSettings

    @classmethod
    def of_pip_section(cls, root: Path, pip: RequirementSet, *, source: str) -> "DeclaredFiles":
        """What counts beside a pip section: the project's own files, where the section names the project."""
        from pyve.project.manifests.local_requirement import is_project_itself

        path, names_project = root / "pyproject.toml", any(map(is_project_itself, pip.requirements))
        has_pyproject = names_project and has_manifest(path)
        return cls(
            root=root,
            source=PackageSource(name=source, evidence=()),
            pyproject=read_pyproject_toml(path, root=root) if has_pyproject else None,
            legacy=read_legacy_setup(root) if names_project else LegacySetup(),
            lock=None,
            main=pip,
            development=None,
            uv_toml=UvSettings(),
        )

    @property
    def is_exported(self) -> bool:
        """True where another tool's lock says what is installed."""
        return self.foreign is not None and self.foreign.text is not None

    @property
    def has_build_system(self) -> bool:
        """True where the project itself can be installed: [build-system], setup.py, or setup.cfg beside pyproject."""
        return has_build_system(self.pyproject, self.legacy)

    @property
    def requires_python(self) -> str | None:
        """The range of versions that the project, and its lock where it has one, accept."""
        return ",".join(dict.fromkeys(filter(None, (self._own_python, self.locked_python)))) or None

    @property
    def requires_python_from(self) -> str:
        """Who says so: the beginning of a sentence that ends with the range."""
        if self.locked_python is None or self._own_python == self.locked_python:
            return REQUIRED_BY_PROJECT
        return (
            f"requires-python and {self.source.name} together allow"
            if self._own_python
            else f"{self.source.name} was locked for"
        )

    @property
    def _own_python(self) -> str | None:
        own = self.pyproject.requires_python if self.pyproject else None
        return own or self.legacy.requires_python

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file that was read, absolute."""
        names = ("pyproject.toml", "setup.py", "setup.cfg", UV_SETTINGS_NAME)
        found = [self.root / name for name in names if has_manifest(self.root / name)]
        found += [self.lock.path] if self.lock else []
        for part in (self.main, self.development, *self.group_files.values()):
            found += [Path(file) for file in part.files] if part else []
        found += list_candidates(self.root, self.group_files)
        return tuple(dict.fromkeys(found))


def has_build_system(pyproject: PyprojectToml | None, legacy: LegacySetup) -> bool:
    """True where the project itself can be installed: [build-system], setup.py, or setup.cfg beside pyproject."""
    if pyproject is None:
        return legacy.has_setup_py
    declared = pyproject.has_build_system or legacy.source is not None
    return declared and pyproject.is_package


def read_declared_files(
    root: Path,
    *,
    include_dev: bool,
    environment: Mapping[str, str],
    groups: tuple[str, ...] = (),
    foreign: ForeignExport | None = None,
) -> DeclaredFiles:
    """Read what counts; a ProjectError names file and line where something is wrong."""
    path = root / "pyproject.toml"
    pyproject = read_pyproject_toml(path, root=root) if has_manifest(path) else None
    legacy = read_legacy_setup(root)
    source = choose_source(root, pyproject=pyproject, legacy=legacy, include_dev=include_dev, foreign=foreign)
    lock = read_pylock_toml(root / "pylock.toml", root=root) if source.name == "pylock.toml" else None
    main = development = None
    if source.name in {"requirements.txt", "requirements.in"}:
        main = _read_requirements(root / source.name, root, environment)
    elif foreign is not None and source.name == foreign.name:
        main = read_export(foreign, root=root, environment=environment)
    if include_dev and has_manifest(root / _DEVELOPMENT) and not (lock and _DEVELOPMENT_GROUP in lock.groups):
        development = _read_requirements(root / _DEVELOPMENT, root, environment)
    declared = (*(pyproject.groups if pyproject else ()), *((*lock.groups, *lock.default_groups) if lock else ()))
    return DeclaredFiles(
        root=root,
        source=source,
        pyproject=pyproject,
        legacy=legacy,
        lock=lock,
        main=main,
        development=development,
        group_files=read_group_files(root, groups=groups, declared=declared, environment=environment),
        file_groups=tuple(find_group_files(root)),
        locked_python=lock.requires_python if lock else _read_locked_python(root / source.name),
        foreign=foreign,
        unexported="" if source.name.endswith(".lock") else find_foreign_lock(root, pyproject) or "",
        uv_toml=read_uv_toml(uv_toml, root=root) if has_manifest(uv_toml := root / UV_SETTINGS_NAME) else UvSettings(),
    )


def _read_locked_python(path: Path) -> str | None:
    """What the stamp of a requirements.txt says; one that cannot be read is told where the lock is judged."""
    if path.name != "requirements.txt":
        return None
    text = read_manifest_bytes(path).decode("utf-8-sig", errors="replace")
    with contextlib.suppress(PyveError):
        stamp = read_stamp(text, LockFormat.REQUIREMENTS)
        return stamp.python or None if stamp else None
    return None


def _read_requirements(path: Path, root: Path, environment: Mapping[str, str]) -> RequirementSet:
    from pyve.project.manifests.requirements_txt import read_requirements_file

    return read_requirements_file(path, root=root, environment=environment)
