"""Where packages come from because this machine says so: pip's configuration, uv's variables, the user's uv.toml."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pyve.project.manifests.toml_text import parse_toml
from pyve.project.requirement import IndexOptions
from pyve.system.directories import home_directory

# Settings of uv that name indexes and directories, beside [[index]].
PLACE_KEYS = frozenset({"find-links", "index-url", "extra-index-url"})
_ONE = ("UV_DEFAULT_INDEX", "UV_INDEX_URL")
_MANY = ("UV_INDEX", "UV_EXTRA_INDEX_URL")


def list_configured_places(pip: IndexOptions, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the indexes and directories, URLs or paths; `pip` is what counts of pip's configuration.

    A uv.toml that cannot be read is uv's to complain about.
    """
    places = [*pip.extra_index_urls, *pip.find_links]
    places += [pip.index_url] if pip.index_url else []
    places += [environment[name] for name in _ONE if environment.get(name)]
    places += [one for name in _MANY for one in environment.get(name, "").split()]
    places += [one for one in environment.get("UV_FIND_LINKS", "").split(",") if one]
    for file in _list_settings_files(environment):
        try:
            places += list_places(parse_toml(file.read_text(encoding="utf-8-sig")))
        except (OSError, ValueError):
            continue
    without_names = (one.partition("=")[2] if _is_named(one) else one for one in places)  # UV_INDEX=name=URL
    return tuple(dict.fromkeys(without_names))


def list_places(table: Mapping[str, Any]) -> Iterable[str]:
    """Give the indexes and directories that a table of uv's settings names, as written."""
    for key in sorted(PLACE_KEYS):
        value = table.get(key)
        yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))
    indexes = table.get("index")
    for one in indexes if isinstance(indexes, list) else ():
        if isinstance(one, dict) and isinstance(one.get("url"), str):
            yield one["url"]
    if isinstance(table.get("pip"), dict):
        yield from list_places(table["pip"])


def _is_named(place: str) -> bool:
    name, separator, rest = place.partition("=")
    return bool(separator) and ":" not in name and "/" not in name and bool(rest)


def _list_settings_files(environment: Mapping[str, str]) -> Iterator[Path]:
    """Give the files that uv reads besides the project's (its documentation, "Configuration files")."""
    if environment.get("UV_CONFIG_FILE"):
        yield Path(environment["UV_CONFIG_FILE"])
        return
    if environment.get("UV_NO_CONFIG"):
        return
    if sys.platform == "win32":
        if environment.get("APPDATA"):
            yield Path(environment["APPDATA"], "uv", "uv.toml")
        yield Path(environment.get("PROGRAMDATA") or "C:\\ProgramData", "uv", "uv.toml")
    else:
        home = Path(home_directory(environment))
        yield Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "uv" / "uv.toml"
        for folder in (environment.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep):
            yield Path(folder) / "uv" / "uv.toml"
        yield Path("/etc/uv/uv.toml")
