"""Entering and leaving for a process that is about to start: what the shells' functions do, on a mapping. Pure.

Light: `run` leaves by it what its shell is in, and stacks conda prefixes by it. Scripts of packages are sourced by
shells alone; a process gets what they were seen to set.
"""

import os
from collections.abc import Mapping

TYPE_CHECKING = False  # typing itself is too heavy here
if TYPE_CHECKING:
    from pyve.activation.snippet import Snippet

PINNED = "_PYVE_PINNED"
ROOT = "_PYVE_ROOT"
_SERIAL = "_PYVE_SERIAL"
_HAD = "_PYVE_HAD"
_RECORD = (
    *(ROOT, _SERIAL, "_PYVE_BIN", "_PYVE_KEPT", "_PYVE_SET", "_PYVE_UNSET", _HAD, "_PYVE_NO_PATH", "_PYVE_SCRIPTS"),
    PINNED,
)
_HIGHEST_LEVEL = 999


def enter_project(environment: Mapping[str, str], snippet: "Snippet") -> dict[str, str]:
    """`environment` inside the project, pinned, with the record by which any shell can leave it again.

    What was entered before, of this project or another, is left first.
    """
    outside = leave_project(environment)
    inside = dict(outside)
    setting = {**snippet.sourced, **snippet.set, **stack_conda(outside, snippet.conda)}
    unsetting = (*snippet.unset, *snippet.sourced_unset)
    path = outside.get("PATH")
    held = os.path.normcase(path or "").split(os.pathsep)
    kept = [entry for entry in snippet.bin if os.path.normcase(entry) in held]
    inside |= {
        ROOT: snippet.root,
        _SERIAL: snippet.serial,
        "_PYVE_BIN": os.pathsep.join(snippet.bin),
        "_PYVE_SET": " ".join(setting),
        "_PYVE_UNSET": " ".join(unsetting),
        _HAD: " ".join(["-", *(name for name in (*unsetting, *setting) if name in outside)]),
        PINNED: "1",
    }
    if kept:
        inside["_PYVE_KEPT"] = os.pathsep.join(kept)
    if not path:
        inside["_PYVE_NO_PATH"] = "unset" if path is None else "empty"
    for name in (*unsetting, *setting):
        if name in outside:
            inside[f"_PYVE_OLD_{name}"] = outside[name]
    inside |= {f"_PYVE_NEW_{name}": value for name, value in setting.items()}
    for name in unsetting:
        inside.pop(name, None)
    inside |= setting
    if snippet.bin:
        inside["PATH"] = os.pathsep.join([*snippet.bin, *([path] if path else [])])
    return inside


def expose_project(environment: Mapping[str, str], snippet: "Snippet") -> dict[str, str]:
    """`environment` with the project's variables, and without a record of its own: nothing can leave this again.

    Where this very state of the project has been entered already, its record stays; another one is left first.
    """
    is_entered = (environment.get(ROOT), environment.get(_SERIAL)) == (snippet.root, snippet.serial)
    exposed = dict(environment) if is_entered else leave_project(environment)
    setting = {**snippet.sourced, **snippet.set, **stack_conda(exposed, snippet.conda)}
    for name in (*snippet.unset, *snippet.sourced_unset):
        exposed.pop(name, None)
    exposed |= setting
    path = exposed.get("PATH")
    others = [entry for entry in path.split(os.pathsep) if entry not in snippet.bin] if path else []
    if snippet.bin:
        exposed["PATH"] = os.pathsep.join([*snippet.bin, *others])
    return exposed


def leave_project(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` as it was before the project was entered whose record is in it: only what is still as it was set.

    What somebody else has changed meanwhile stays changed. Without a record, all stays.
    """
    left = dict(environment)
    if ROOT not in environment:
        return left
    _leave_path(left)
    for name in _names(environment, "_PYVE_SET"):
        if name in left and left[name] == left.get(f"_PYVE_NEW_{name}"):
            _put_back(left, name)
        left.pop(f"_PYVE_NEW_{name}", None)
        left.pop(f"_PYVE_OLD_{name}", None)
    for name in _names(environment, "_PYVE_UNSET"):
        if name not in left:
            _put_back(left, name)
        left.pop(f"_PYVE_OLD_{name}", None)
    for name in _RECORD:
        left.pop(name, None)
    return left


def stack_conda(environment: Mapping[str, str], prefix: str) -> dict[str, str]:
    """The variables, besides those that name it, by which conda knows that `prefix` lies on what is active already.

    As `conda activate --stack` sets them, so that `conda deactivate` goes back to what is below. A prefix is not
    stacked on itself. A level that is no number from 1 to 999, or that has no prefix, counts as 0, and so does 999
    where something is to be stacked on it. An empty `prefix` is none.
    """
    if not prefix:
        return {}
    text, below = environment.get("CONDA_SHLVL", ""), environment.get("CONDA_PREFIX", "")
    is_level = text.isascii() and text.isdigit() and len(text) <= len(str(_HIGHEST_LEVEL)) and not text.startswith("0")
    if not is_level or not below:
        return {"CONDA_SHLVL": "1"}
    if below == prefix:
        return {"CONDA_SHLVL": text}
    level = int(text) + 1
    if level > _HIGHEST_LEVEL:
        return {"CONDA_SHLVL": "1"}
    return {"CONDA_SHLVL": str(level), f"CONDA_PREFIX_{text}": below, f"CONDA_STACKED_{level}": "true"}


def _leave_path(left: dict[str, str]) -> None:
    if not left.get("_PYVE_BIN"):
        return
    rest = _without_record(left.get("PATH", ""), left)
    if rest or left.get("_PYVE_NO_PATH") != "unset":
        left["PATH"] = rest
    else:
        left.pop("PATH", None)
    if left.get("_OLD_VIRTUAL_PATH"):  # exported by fish alone
        left["_OLD_VIRTUAL_PATH"] = _without_record(left["_OLD_VIRTUAL_PATH"], left)


def _without_record(path: str, record: Mapping[str, str]) -> str:
    # MSYS translates PATH for the programs of Windows with other slashes than the record, which to it is any variable.
    entries = path.split(os.pathsep)
    kept = os.path.normcase(record.get("_PYVE_KEPT", "")).split(os.pathsep)
    for own in os.path.normcase(record["_PYVE_BIN"]).split(os.pathsep):
        places = [index for index, entry in enumerate(entries) if os.path.normcase(entry) == own]
        for index in reversed(places[:1] if own in kept else places):
            del entries[index]
    return os.pathsep.join(entries)


def _put_back(left: dict[str, str], name: str) -> None:
    # Another record's old value may be there: direnv, when it puts a record back, leaves those.
    old = left.get(f"_PYVE_OLD_{name}") if name in _names(left, _HAD) else None
    if old is None:
        left.pop(name, None)
    else:
        left[name] = old


def _names(environment: Mapping[str, str], list_name: str) -> list[str]:
    return [name for name in environment.get(list_name, "").split(" ") if name]
