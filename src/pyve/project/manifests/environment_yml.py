"""environment.yml, conda's description of an environment."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyve.errors import ManifestInvalidError
from pyve.project.manifests.manifest_text import find_line, show_path
from pyve.project.manifests.toml_text import refuse_value
from pyve.project.manifests.yaml_text import read_yaml_mapping

_PYTHON = re.compile(r"^(?:[^\s:]+::)?python(?![\w.-])\s*(?P<version>.*)$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class EnvironmentYml:
    """What an environment.yml declares. `python` is the first demand for it, as pyve writes versions and ranges."""

    path: Path
    name: str | None
    channels: tuple[str, ...]
    dependencies: tuple[str, ...]
    pip: tuple[str, ...]
    python: str | None


def read_environment_yml(path: Path, *, root: Path) -> EnvironmentYml:
    """Read `path`, or raise ManifestInvalidError naming file and line."""
    shown = show_path(path, root)
    mapping, text = read_yaml_mapping(path, shown)
    name = mapping.get("name")
    if name is not None and not isinstance(name, str):
        raise _refuse(shown, text, "name", "must be a text")
    channels = _read_list(mapping, "channels", shown, text)
    for channel in channels:
        if not isinstance(channel, str):
            raise _refuse(shown, text, "channels", f"holds {channel!r}, which is not a channel")
    dependencies: list[str] = []
    pip: list[str] = []
    for entry in _read_list(mapping, "dependencies", shown, text):
        if isinstance(entry, str):
            dependencies.append(entry)
        elif isinstance(entry, dict) and set(entry) == {"pip"} and _is_texts(entry["pip"]):
            pip += entry["pip"] or []
        else:
            raise _refuse(shown, text, "dependencies", f"holds {entry!r}, which is neither a package nor `pip:`")
    return EnvironmentYml(
        path=path,
        name=name,
        channels=tuple(channels),
        dependencies=tuple(dependencies),
        pip=tuple(pip),
        python=find_python(dependencies),
    )


def find_python(dependencies: list[str]) -> str | None:
    """Return the first demand for python: `3.12` of `python=3.12.*`, `3.12.1` of `python ==3.12.1`, or the range."""
    for dependency in dependencies:
        found = _PYTHON.match(dependency.strip())
        if found and found["version"]:
            return _as_version(found["version"])
    return None


def _as_version(text: str) -> str | None:
    exact = re.match(r"^\s*={0,2}\s*v?(\d+(?:\.\d+)*)(?:\.?\*)?(?:[\s=]\S*)?\s*$", text)
    if exact:
        return exact[1]
    ranged = re.sub(r"\s+", "", text)
    return ranged if re.match(r"^(?:(?:[<>]=?|!=|~=|==)\d[\d.]*(?:\.\*)?,?)+$", ranged) else None


def _read_list(mapping: dict[str, Any], key: str, shown: str, text: str) -> list[Any]:
    value = mapping.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _refuse(shown, text, key, "must be a list")
    return value


def _is_texts(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _refuse(shown: str, text: str, key: str, message: str) -> ManifestInvalidError:
    line = find_line(text, rf"""^["']?{key}["']?\s*:""")
    hint = "dependencies:\n  - python=3.12" if key == "dependencies" else "channels:\n  - conda-forge"
    return refuse_value(shown, line, f"`{key}` {message}.", hint="name: my-environment" if key == "name" else hint)
