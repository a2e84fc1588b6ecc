"""The names that completions ask for at the time: `pyve __complete extras|groups|environments`.

Light: only os and sys are imported at the top. Names with anything but letters, digits and ._+- are left out, so that
a shell has nothing to quote; whatever goes wrong, there are no names.
"""

import os
import stat
import sys

from pyve.environments.current import STATE_FOLDER, find_project_of, mirror
from pyve.errors import PyveError
from pyve.system.directories import state_directory

KINDS = ("extras", "groups", "environments")
_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-")
_SIZE_LIMIT_BYTES = 1_000_000  # a pyproject.toml is read while somebody waits at the prompt


def list_completion_values(kind: str, directory: str, environment: "dict[str, str]") -> "list[str]":
    """The names of `kind` in the project at or above `directory`, sorted; none where there are none."""
    if kind not in KINDS:
        return []
    directory = os.path.abspath(directory)
    try:
        root = find_project_of(state_directory(environment), directory)
        if kind == "environments":
            names = _list_environments(root, state_directory(environment))
        else:
            names = _list_parts(kind, root or directory)
    except (PyveError, OSError, ValueError, RecursionError):
        return []
    return sorted(name for name in names if name and name[0] not in "-+" and _ALLOWED.issuperset(name))


def _list_environments(root: "str | None", state: str) -> "list[str]":
    if root is None:
        return []
    records = os.listdir(os.path.join(mirror(state, root), STATE_FOLDER, "records"))
    return [name[: -len(".json")] for name in records if name.endswith(".json")]


def _list_parts(kind: str, directory: str) -> "list[str]":
    """Keys of [project.optional-dependencies] or [dependency-groups] in the nearest pyproject.toml."""
    content = _read_nearest_pyproject(directory)
    if content is None:
        return []
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    document = tomllib.loads(content)
    if kind == "groups":
        table = document.get("dependency-groups")
    else:
        project = document.get("project")
        table = project.get("optional-dependencies") if isinstance(project, dict) else None
    return list(table) if isinstance(table, dict) else []


def _read_nearest_pyproject(directory: str) -> "str | None":
    while True:
        path = os.path.join(directory, "pyproject.toml")
        if os.path.lexists(path):
            status = os.stat(path)
            if not stat.S_ISREG(status.st_mode) or status.st_size > _SIZE_LIMIT_BYTES:
                return None
            with open(path, encoding="utf-8") as file:
                return file.read()
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
