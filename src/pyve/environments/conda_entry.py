"""What entering a conda prefix means: its entries of PATH and its variables, as conda has them."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pyve.environments.changes import EnvironmentChanges
from pyve.environments.conda_facts import CondaFacts, ScriptFacts
from pyve.environments.foreign_json import read_foreign_json
from pyve.environments.prefix_scripts import find_all_scripts, script_folder
from pyve.environments.record import EnvironmentRecord
from pyve.project.variable_risks import is_variable_name, tell_why_never
from pyve.system.files import write_atomically

_MOST_BYTES = 4 << 20  # of the variables of one file
_UNSET = "***unset***"  # the value by which conda marks a variable that somebody has taken out of an environment
_MINGW_VARIANTS = ("ucrt64", "clang64", "mingw64", "clangarm64")


def read_prefix_variables(prefix: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """The variables of env_vars.d and of conda-meta/state, which wins, and sentences about what was left out.

    Names are in capitals, as conda, mamba and rattler set them.
    """
    notes: list[str] = []
    variables: dict[str, str] = {}
    for file in [*_list_variable_files(prefix), prefix / "conda-meta" / "state"]:
        try:
            found = _read_object(file)
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            notes.append(f"The variables of {file} are left out: {reason}.")
            continue
        own = found.get("env_vars", {}) if file.name == "state" else found
        if not isinstance(own, dict):
            notes.append(f"The variables of {file} are left out: they are no table.")
            continue
        for name, value in own.items():
            why = _tell_why_left_out(name, value)
            if why:
                notes.append(f"{file} sets {name}, which is left out: {why}.")
            elif value == _UNSET:
                variables.pop(name.upper(), None)
            else:
                variables[name.upper()] = value
    return variables, tuple(notes)


def write_prefix_variables(prefix: Path, variables: Mapping[str, str]) -> None:
    """Write `variables` where conda keeps those of an environment, for other tools as for us; none writes nothing."""
    file = prefix / "conda-meta" / "state"
    try:
        state = _read_object(file)
    except (OSError, ValueError):
        state = {}
    if variables:
        text = json.dumps({**state, "env_vars": dict(variables)}, ensure_ascii=False)
        write_atomically(file, text.encode("utf-8", "surrogateescape"), mode=0o644)


def list_path_entries(prefix: Path, *, windows: bool = sys.platform == "win32") -> tuple[str, ...]:
    """The directories that conda puts on PATH for `prefix`, the foremost first."""
    if not windows:
        return (os.fspath(prefix / "bin"),)
    library = prefix / "Library"
    variant = next((name for name in _MINGW_VARIANTS if (library / name / "bin").is_dir()), None)
    entries = [
        prefix,
        *([library / variant / "bin"] if variant else []),
        library / "mingw-w64" / "bin",
        library / "usr" / "bin",
        library / "bin",
        prefix / "Scripts",
        prefix / "bin",
    ]
    return tuple(map(os.fspath, entries))


def make_entry(
    prefix: Path, variables: Mapping[str, str], scripts: ScriptFacts, *, name: str, has_python: bool = True
) -> EnvironmentChanges:
    """What entering `prefix` does. conda leaves PYTHONHOME alone, by which the prefix's python finds nothing."""
    own = {
        "CONDA_PREFIX": os.fspath(prefix),
        "CONDA_DEFAULT_ENV": name,
        "CONDA_PROMPT_MODIFIER": f"({name}) ",
    }
    unset = dict.fromkeys([*(["PYTHONHOME"] if has_python else []), *scripts.unset])
    return EnvironmentChanges(
        set={
            key: value
            for key, value in {**variables, **scripts.set, **own}.items()
            if key not in scripts.unset or key in scripts.set or key in own
        },
        unset=tuple(key for key in unset if key not in scripts.set and key not in own),
        prepend_path=tuple(dict.fromkeys([*scripts.prepend_path, *list_path_entries(prefix)])),
        conda_prefix=os.fspath(prefix),
        sourced=tuple(dict.fromkeys([*scripts.set, *scripts.unset])) if scripts.reason else (),
    )


def conda_changes(record: EnvironmentRecord, *, name: str) -> EnvironmentChanges:
    """What entering the environment of `record` does; the scripts that shells source are added where it is pointed to.

    Raises StateDamagedError.
    """
    facts = record.conda_facts or CondaFacts(subdir="")
    return make_entry(
        Path(record.directory), facts.variables, facts.scripts, name=name, has_python=bool(record.python_version)
    )


def prefix_sentinels(directory: Path, site_packages: Path) -> tuple[str, ...]:
    """The files by whose change another tool's work shows: packages, python, scripts and variables."""
    meta = directory / "conda-meta"
    python = directory / ("python.exe" if sys.platform == "win32" else "bin/python")
    folders = [
        script_folder(directory, "activate"),
        script_folder(directory, "deactivate"),
        _variable_folder(directory),
    ]
    paths = [meta, meta / "history", meta / "state", python, *folders]
    paths += [site_packages] if site_packages != directory else []  # what is in the prefix itself changes with use
    paths += [*find_all_scripts(directory), *_list_variable_files(directory)]
    return tuple(map(os.fspath, paths))


def _tell_why_left_out(name: str, value: object) -> str | None:
    if not isinstance(value, str):
        return "its value is no text"
    if "\0" in value:
        return "its value holds a NUL"
    try:
        value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return "its value is no Unicode"
    if not is_variable_name(name):
        return "that is no name of a variable"
    return tell_why_never(name)


def _variable_folder(prefix: Path) -> Path:
    return prefix / "etc" / "conda" / "env_vars.d"


def _list_variable_files(prefix: Path) -> Iterator[Path]:
    try:
        names = sorted(path.name for path in _variable_folder(prefix).iterdir())
    except OSError:
        names = []
    yield from (_variable_folder(prefix) / name for name in names if name.endswith(".json") and name[0] != ".")


def _read_object(file: Path) -> dict[str, Any]:
    """The object in a JSON file; raises OSError, and ValueError for anything else."""
    document = read_foreign_json(file, most_bytes=_MOST_BYTES)
    if not isinstance(document, dict):
        raise ValueError("it holds no JSON object")  # noqa: TRY004 - as for what is no JSON at all
    return document
