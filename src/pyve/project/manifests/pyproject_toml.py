"""pyproject.toml: what [project] (PEP 621), [build-system] (PEP 518) and [dependency-groups] (PEP 735) declare."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.dependency_groups import Entry, read_groups
from pyve.project.manifests.manifest_text import decode_utf8, find_line, show_path
from pyve.project.manifests.toml_text import parse_toml, read_toml, refuse_value
from pyve.project.manifests.uv_settings import UvSettings, read_uv_settings
from pyve.project.package_name import normalise_name

_DYNAMIC_DEPENDENCIES = ("dependencies", "optional-dependencies")


@dataclass(frozen=True, kw_only=True)
class PyprojectToml:
    """What a pyproject.toml declares; names of extras and groups are normalised, groups have their includes resolved.

    `named_files` are the files, relative to it, from which its build system takes dynamic values.
    """

    path: Path
    name: str | None = None
    has_project: bool = False
    has_build_system: bool = False
    has_poetry: bool = False
    has_poetry_groups: bool = False  # Poetry's own, which only Poetry reads
    is_package: bool = True  # False where uv or Poetry are told that there is nothing to install
    dependencies: tuple[Entry, ...] = ()
    optional_dependencies: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    requires_python: str | None = None
    uv: UvSettings = field(default_factory=UvSettings)
    dynamic: tuple[str, ...] = ()
    named_files: tuple[str, ...] = ()

    @property
    def has_dynamic_dependencies(self) -> bool:
        """True where only the build system knows what the project needs."""
        unstated = self.has_build_system and not self.has_project
        return unstated or any(name in self.dynamic for name in _DYNAMIC_DEPENDENCIES)

    @property
    def is_poetry_only(self) -> bool:
        """True where dependencies stand in [tool.poetry] alone, and no build of a package would tell them."""
        return self.has_poetry and not self.has_project and not (self.has_build_system and self.is_package)


def read_pyproject_toml(path: Path, *, root: Path) -> PyprojectToml:
    """Read `path`, or raise ManifestInvalidError naming file and line, or ManifestUnreadableError."""
    shown = show_path(path, root)
    text = decode_utf8(read_manifest_bytes(path), path)
    reading = _Reading(shown=shown, text=text, document=read_toml(text, shown))
    tools = reading.table(reading.document, "tool", "[tool]")
    project = reading.table(reading.document, "project", "[project]")
    return PyprojectToml(
        path=path,
        name=normalise_name(name) if (name := reading.string(project, "name")) else None,
        has_project="project" in reading.document,
        has_build_system="build-system" in reading.document,
        has_poetry=isinstance(tools.get("poetry"), dict) and _declares_poetry(tools["poetry"]),
        has_poetry_groups=any(key in _descend(tools, "poetry") for key in ("group", "dev-dependencies")),
        is_package=_is_package(tools),
        dependencies=reading.entries(project.get("dependencies", []), "[project].dependencies"),
        optional_dependencies=reading.optional_dependencies(project),
        groups=read_groups(reading.table(reading.document, "dependency-groups", "[dependency-groups]"), shown, text),
        requires_python=reading.requires_python(project),
        uv=read_uv_settings(_descend(tools, "uv"), shown=shown),
        dynamic=tuple(reading.strings(project.get("dynamic", []), "[project].dynamic")),
        named_files=_find_named_files(tools),
    )


def read_build_backend(root: Path) -> str | None:
    """Return the build backend that the pyproject.toml at `root` names; None without one, or where it is not valid."""
    path = root / "pyproject.toml"
    try:
        table = parse_toml(path.read_text(encoding="utf-8-sig")).get("build-system")
    except (OSError, ValueError):
        return None
    backend = table.get("build-backend") if isinstance(table, dict) else None
    return backend if isinstance(backend, str) else None


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """The parsed document, and its text to find lines in."""

    shown: str
    text: str
    document: dict[str, Any]

    def table(self, parent: Mapping[str, Any], key: str, called: str) -> dict[str, Any]:
        value = parent.get(key, {})
        if not isinstance(value, dict):
            line = find_line(self.text, rf"^\s*\[*\s*{re.escape(key)}\b")
            raise refuse_value(self.shown, line, f"{called} must be a table.", hint=f"begin it with {called}")
        return value

    def string(self, table: Mapping[str, Any], key: str) -> str | None:
        value = table.get(key)
        if value is not None and not isinstance(value, str):
            raise refuse_value(self.shown, self._line_of_key(key), f"[project].{key} must be a string.")
        return value

    def strings(self, values: Any, called: str) -> list[str]:
        key = called.rpartition(".")[2]
        if not isinstance(values, list):
            raise refuse_value(
                self.shown,
                self._line_of_key(key),
                f"{called} must be a list of strings.",
                hint=f'{key} = ["name>=1.2"]',
            )
        for value in values:
            if not isinstance(value, str):
                raise refuse_value(
                    self.shown, self._line_of_key(key), f"{called} holds {value!r}, which is not a string."
                )
        return values

    def entries(self, values: Any, called: str) -> tuple[Entry, ...]:
        after = self._line_of_key(called.rpartition(".")[2]) or 1
        found = []
        for text in self.strings(values, called):
            line = find_line(self.text, re.escape(text), after=after - 1)
            found.append(Entry(text=text, origin=f"{self.shown}:{line}" if line else self.shown))
        return tuple(found)

    def optional_dependencies(self, project: Mapping[str, Any]) -> dict[str, tuple[Entry, ...]]:
        table = project.get("optional-dependencies", {})
        if not isinstance(table, dict):
            line = self._line_of_key("optional-dependencies")
            raise refuse_value(
                self.shown, line, "[project].optional-dependencies must be a table.", hint='test = ["pytest"]'
            )
        called = "[project.optional-dependencies]"
        return {normalise_name(extra): self.entries(values, f"{called}.{extra}") for extra, values in table.items()}

    def requires_python(self, project: Mapping[str, Any]) -> str | None:
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        value = self.string(project, "requires-python")
        if value is None:
            return None
        try:
            SpecifierSet(value)
        except InvalidSpecifier as error:
            line = self._line_of_key("requires-python")
            message = f"requires-python is {value!r}, which is not a range of versions."
            version = found[0] if (found := re.search(r"3(?:\.\d+)+", value)) else "3.10"
            hint = f'write it as: requires-python = ">={version}"'
            raise refuse_value(self.shown, line, message, hint=hint) from error
        return value

    def _line_of_key(self, key: str) -> int | None:
        header = find_line(self.text, r"^\s*\[\s*project\b") or 0
        pattern = rf"""(?:^|[\s.{{,\["'])["']?{re.escape(key)}["']?\s*[=\].]"""
        return find_line(self.text, pattern, after=header - 1) or find_line(self.text, pattern)


def _declares_poetry(table: Mapping[str, Any]) -> bool:
    return any(key in table for key in ("dependencies", "dev-dependencies", "group", "name"))


def _is_package(tools: Mapping[str, Any]) -> bool:
    told = (_descend(tools, "uv").get("package"), _descend(tools, "poetry").get("package-mode"))
    return all(one is not False for one in told)


def _find_named_files(tools: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what setuptools' [tool.setuptools.dynamic] and hatch-requirements-txt read dependencies from."""
    found: list[str] = []
    dynamic = _descend(tools, "setuptools", "dynamic")
    tables = [dynamic.get("dependencies"), dynamic.get("version"), *_descend(dynamic, "optional-dependencies").values()]
    hook = _descend(tools, "hatch", "metadata", "hooks", "requirements_txt")
    values = [table.get("file") for table in tables if isinstance(table, dict)]
    values += [hook.get("filename"), hook.get("files"), *_descend(hook, "optional-dependencies").values()]
    for value in values:
        listed = value if isinstance(value, list) else [value]
        found += [one for one in listed if isinstance(one, str)]
    return tuple(dict.fromkeys(found))


def _descend(table: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    for key in keys:
        table = table.get(key, {}) if isinstance(table.get(key, {}), dict) else {}
    return table
