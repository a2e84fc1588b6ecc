"""The project's own settings of uv, carried over to where the restriction to platforms stands.

uv takes environments from a project alone, and with `--project` it no longer sees the one that is locked: so that
project gets a copy of what counts there, as `uv pip compile` would find it from the project's root.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyve.engines.requirements_writing import write_private
from pyve.lockers.configured_places import PLACE_KEYS, list_places
from pyve.project.locking.platform_markers import marker_environment, marker_of
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_utf8, show_path
from pyve.project.manifests.toml_text import read_toml

# Each belongs to the pyproject.toml that it stands in, where uv reads it still; or to other commands than this one.
_OF_ONE_PROJECT = frozenset(
    {"build-backend", "conflicts", "default-groups", "dependency-groups", "dev-dependencies", "environments"}
    | {"managed", "package", "required-environments", "sources", "workspace"}
)
_REMOTE = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]+:")
_SOME_VERSIONS = tuple(f"3.{minor}" for minor in range(8, 20))


@dataclass(frozen=True, kw_only=True)
class UvProjectSettings:
    """[tool.uv] of a project, or its uv.toml; `table` is empty where there is none.

    `folder` is what its relative paths start from. `is_declared` is False for a file that the user alone names.
    """

    table: Mapping[str, Any] = field(default_factory=dict)
    folder: Path = Path()
    is_declared: bool = True

    def choice(self, name: str, *, default: str) -> str:
        """What the project sets, for `uv pip` above all; `default` where it does not, or only the user does."""
        table = self.table if self.is_declared else {}
        value = _descend(table, "pip").get(name, table.get(name))
        return value if isinstance(value, str) else default

    @property
    def places(self) -> tuple[str, ...]:
        """The indexes and directories that it declares, URLs or absolute."""
        return tuple(list_places(_make_absolute(self.table, self.folder)))


def find_project_settings(root: Path, environment: Mapping[str, str]) -> UvProjectSettings:
    """Return what uv would obey in `root`: of the nearest directory upwards that holds any, uv.toml first.

    UV_NO_CONFIG and UV_CONFIG_FILE count. Raises ManifestInvalidError where such a file is not TOML.
    """
    if environment.get("UV_CONFIG_FILE"):
        path = Path(environment["UV_CONFIG_FILE"])
        return UvProjectSettings(table=_read(root / path, root), folder=root, is_declared=False)
    if _is_set(environment.get("UV_NO_CONFIG")):
        return UvProjectSettings()
    for folder in (root, *root.parents):
        if (folder / "uv.toml").is_file():
            return UvProjectSettings(table=_read(folder / "uv.toml", root), folder=folder)
        if (folder / "pyproject.toml").is_file():
            table = _descend(_read(folder / "pyproject.toml", root), "tool", "uv")
            if table:
                return UvProjectSettings(table=table, folder=folder)
    return UvProjectSettings()


def restricted_variables(environment: Mapping[str, str], empty: Path) -> dict[str, str]:
    """Return the variables with which uv obeys a restriction; `empty` is a directory that holds no settings.

    Told to read one file of settings or none, uv would pass over the restriction too: so it is not told, and finds
    none besides it.
    """
    names = ("UV_CONFIG_FILE", "UV_NO_CONFIG")
    told = {name: value for name, value in environment.items() if name not in names}
    if environment.get(names[0]) or _is_set(environment.get(names[1])):
        told |= _name_empty_places(environment, empty)
    return told


def _name_empty_places(environment: Mapping[str, str], empty: Path) -> dict[str, str]:
    """Where uv looks for the user's settings, all of it empty."""
    if sys.platform == "win32":
        # Its Pythons and credentials lie below the same directory, and are to be found still.
        data = Path(environment.get("APPDATA") or "", "uv", "data")
        kept = {"UV_PYTHON_INSTALL_DIR": "python", "UV_CREDENTIALS_DIR": "credentials"}
        there = {name: str(data / folder) for name, folder in kept.items() if not environment.get(name)}
        return {**(there if environment.get("APPDATA") else {}), "APPDATA": str(empty)}
    else:
        return {"XDG_CONFIG_HOME": str(empty), "XDG_CONFIG_DIRS": str(empty)}


def write_restriction(directory: Path, settings: UvProjectSettings, platforms: Iterable[str]) -> Path:
    """Write a project into the new `directory` that has `settings` and resolves for `platforms` alone; return it."""
    import tomli_w

    carried = {key: value for key, value in settings.table.items() if key not in _OF_ONE_PROJECT}
    table = _make_absolute(carried, settings.folder)
    table["environments"] = list(_restrict(settings.table.get("environments"), tuple(platforms)))
    directory.mkdir(mode=0o700)
    write_private(directory / "pyproject.toml", tomli_w.dumps({"tool": {"uv": table}}).splitlines())
    return directory


def _read(path: Path, root: Path) -> Mapping[str, Any]:
    return read_toml(decode_utf8(read_manifest_bytes(path), path), show_path(path, root))


def _is_set(value: str | None) -> bool:
    return (value or "").lower() not in ("", "0", "false", "no", "off", "n", "f")


def _restrict(own: object, platforms: tuple[str, ...]) -> Iterable[str]:
    """The platforms as markers, each together with those environments of the project that it can be."""
    written = [own] if isinstance(own, str) else own if isinstance(own, list) else []
    markers = [one for one in written if isinstance(one, str)]
    for platform in platforms:
        fitting = [one for one in markers if _is_possible(one, platform)]
        if not markers or not fitting:
            yield marker_of(platform)  # one that the project excludes and that was asked for all the same
        for one in fitting:
            yield f"({one}) and ({marker_of(platform)})"


def _is_possible(marker: str, platform: str) -> bool:
    from packaging.markers import InvalidMarker, Marker

    try:
        parsed = Marker(marker)
    except InvalidMarker:
        return True  # uv says what is wrong there
    environments = [dict(marker_environment(platform, version)) for version in _SOME_VERSIONS]
    environments += [
        {**one, "implementation_name": "pypy", "platform_python_implementation": "PyPy"} for one in environments
    ]
    return any(parsed.evaluate(one) for one in environments)


def _make_absolute(table: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the table with every place on this machine absolute, in [pip] and [[index]] too."""
    return {key: _make_value_absolute(key, value, folder) for key, value in table.items()}


def _make_value_absolute(key: str, value: Any, folder: Path) -> Any:
    if key in PLACE_KEYS:
        return [_locate(one, folder) for one in value] if isinstance(value, list) else _locate(value, folder)
    if key == "pip" and isinstance(value, dict):
        return _make_absolute(value, folder)
    if key == "index" and isinstance(value, list):
        return [
            {**one, "url": _locate(one["url"], folder)} if isinstance(one, dict) and "url" in one else one
            for one in value
        ]
    return value


def _locate(place: Any, folder: Path) -> Any:
    if not isinstance(place, str) or _REMOTE.match(place) or not place:
        return place
    return str(folder / place)


def _descend(table: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    for key in keys:
        inner = table.get(key)
        table = inner if isinstance(inner, dict) else {}
    return table
