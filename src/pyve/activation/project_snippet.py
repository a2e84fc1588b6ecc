"""What entering a project means now, from its state: what is in use, what was approved, what is to be watched."""

import os
from pathlib import Path

from pyve.activation.snippet import Snippet
from pyve.activation.trust import read_approved_values
from pyve.environments.current import Current, read_fields, stat_signature
from pyve.environments.references import REFERENCE_PREFIX, current_moment, find_newest_time, list_watched_files
from pyve.environments.state import ProjectState
from pyve.errors import StateDamagedError
from pyve.system.mounts import MOUNT_TABLE, mount_of

_NO_ENVIRONMENT = "no environment yet; to build it: pyve sync"
_MOST_WATCHED = 200  # files that a shell looks at before each prompt; with more of them, at each cd
_LONGEST_NOTICE = 600  # characters


def compose_snippet(
    state: ProjectState, *, notice: str = "", show_prompt: bool = True, mounts: Path = MOUNT_TABLE
) -> tuple[Snippet, int]:
    """What entering the project means now, and the time for its references: 0 when a file has changed already."""
    current = _read_current(state)
    values = read_approved_values(state)
    root = os.fspath(state.root)
    watched = list_watched_files(root, current, values.file if values else "", now=current_moment())
    newest = find_newest_time(watched)
    if any(stat_signature(os.path.join(root, name)) != signature for signature, _, name in current.watched()):
        newest = 0  # an edit since the files were read: shells ask at their next prompt
    name = _printable(current.first("name") or state.root.name or root)
    set_variables = dict(item.partition("=")[::2] for item in current.every("set"))
    sourced = current.every("sourced")
    of_scripts = {key: value for key, value in set_variables.items() if key in sourced}
    set_variables = {key: value for key, value in set_variables.items() if key not in sourced}
    if values is not None:
        set_variables.update(values.values)
    snippet = Snippet(
        root=root,
        reference=os.fspath(state.directory / REFERENCE_PREFIX),
        probe=_find_probe(current),
        watch=tuple(watched),
        watch_on_cd=len(watched) > _MOST_WATCHED or mount_of(state.root, table=mounts).is_on_network,
        bin=tuple(current.every("prepend")),
        set=set_variables,
        unset=tuple(key for key in current.every("unset") if key not in sourced),
        conda=current.first("conda-prefix"),
        scripts=current.scripts("script"),
        scripts_on_leaving=current.scripts("script-on-leaving"),
        sourced=of_scripts,
        sourced_unset=tuple(key for key in current.every("unset") if key in sourced),
        prompt=f"({name}) " if show_prompt and current.first("prompt") != "0" and current.fields else "",
        notice=_shorten(_printable(notice if current.fields or notice else _NO_ENVIRONMENT)),
        missing=f"the environment of {name} is not there any more; to build it: pyve sync",
    )
    return snippet, newest


def _read_current(state: ProjectState) -> Current:
    try:
        return Current(read_fields(os.fspath(state.current_file)) or [])
    except StateDamagedError:
        return Current([])


def _find_probe(current: Current) -> str:
    """A file without which the environment is none: its python, else its conda-meta, else what is first on PATH."""
    entries = current.every("prepend")
    if not entries:
        return ""
    prefix = current.first("conda-prefix")
    candidates = [os.path.join(entry, name) for entry in entries for name in ("python", "python.exe")]
    candidates += [os.path.join(prefix, "conda-meta")] if prefix else []
    return next((path for path in candidates if os.path.lexists(path)), entries[0])


def _printable(text: str) -> str:
    """`text` without what would move the cursor or hide something on a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _shorten(text: str) -> str:
    """`text`, without its middle where it is no line that a person would read; its end says what to type."""
    return text if len(text) <= _LONGEST_NOTICE else f"{text[: _LONGEST_NOTICE - 200]} ... {text[-195:]}"
