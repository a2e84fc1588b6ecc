"""The ledger of a project: what pyve made outside its environments, and so what purge may take out again.

JSON lines in the project's state folder, one for each thing. A line is written before the thing is made, so that a
kill in between leaves an entry for something absent, never something without an entry; whoever acts on an entry looks
at what is really there. Callers that change the ledger hold the project's lock.
"""

import json
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal, get_args

from pyve.environments.json_lines import parse_json_line
from pyve.environments.state import ProjectState
from pyve.system.files import tell_disk_errors, write_atomically

FORMAT = 1

Kind = Literal[
    "link",  # a link of ours: .venv, .pyve/env
    "file",  # a file in .pyve; text: SHA-256 of what we wrote, empty when we were about to write it
    "folder",  # a directory, removed only when nothing is left in it
    "exclude-line",  # text: one line in the info/exclude of the repository; path: that file
    "block",  # text: one line in the marked block of an ignore file at the root
    "moved-aside",  # path: .venv; text: the name that what stood there has now
    "build-watch",  # an editable build is under way; text: the build outputs that were there before
    "build-output",  # an *.egg-info directory that came with an editable build of ours
    "store-folder",  # where environments lie when not in .pyve
    "program",  # a program in .pyve that was fetched; text: its SHA-256
]
KINDS: frozenset[str] = frozenset(get_args(Kind))
_OUTSIDE_KINDS = frozenset({"exclude-line", "store-folder"})


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """One thing. `path` is absolute; `created` says that the file named by it did not exist before."""

    kind: Kind
    path: Path
    text: str = ""
    created: bool = False


def read_ledger(state: ProjectState) -> tuple[LedgerEntry, ...]:
    """The entries in the order they were made, each once; lines that are torn or not to be believed are passed over.

    Raises StateTooNewError when a newer pyve wrote one of them.
    """
    try:
        content = state.ledger_file.read_bytes()
    except FileNotFoundError:
        return ()
    entries: dict[LedgerEntry, None] = {}
    for line in content.split(b"\n"):
        entry = _parse(line, state)
        if entry is not None:
            entries[entry] = None
    return tuple(entries)


def is_ledger_whole(state: ProjectState) -> bool:
    """False when a project that was built has lost its ledger, or a line of it cannot be understood.

    Raises StateTooNewError.
    """
    try:
        content = state.ledger_file.read_bytes()
    except FileNotFoundError:
        return not state.current_file.exists()
    return all(not line or _parse(line, state) is not None for line in content.split(b"\n"))


def add_entries(state: ProjectState, entries: Collection[LedgerEntry]) -> None:
    """Append those of `entries` that are not in the ledger yet, and have them on the disk before returning."""
    known = read_ledger(state)
    new = [entry for entry in dict.fromkeys(entries) if entry not in known]
    if not new:
        return
    for entry in new:
        if not _is_believable(entry, state.root):
            raise ValueError(f"not a thing a ledger can hold: {entry}")
    with tell_disk_errors(state.ledger_file), state.ledger_file.open("ab") as file:
        lines = b"".join(_render(entry, state.root) for entry in new)
        # The newline in front ends a line that was torn by a kill; empty lines are passed over.
        file.write(b"\n" + lines if file.tell() else lines)
        file.flush()
        os.fsync(file.fileno())
    state.ledger_file.chmod(0o600)


def forget_entries(state: ProjectState, entries: Collection[LedgerEntry]) -> None:
    """Take `entries` out of the ledger; without its last entry the file is empty, which is not a ledger lost."""
    known = read_ledger(state)
    left = [entry for entry in known if entry not in entries]
    if len(left) != len(known):
        write_ledger(state, left)


def write_ledger(state: ProjectState, entries: Collection[LedgerEntry]) -> None:
    """Write the ledger anew, of `entries` alone."""
    write_atomically(state.ledger_file, b"".join(_render(entry, state.root) for entry in entries))


def _render(entry: LedgerEntry, root: Path) -> bytes:
    inside = entry.path.is_relative_to(root)
    document = {
        "format": FORMAT,
        "kind": entry.kind,
        "path": os.fspath(entry.path.relative_to(root) if inside else entry.path),
        "text": entry.text,
        "created": entry.created,
    }
    return json.dumps(document, sort_keys=True).encode() + b"\n"  # ASCII: other bytes of names are escaped surrogates


def _parse(line: bytes, state: ProjectState) -> LedgerEntry | None:
    document = parse_json_line(line, file=state.ledger_file, newest_format=FORMAT)
    if document is None:
        return None
    kind, path, text = document.get("kind"), document.get("path"), document.get("text", "")
    if kind not in KINDS or not isinstance(path, str) or not path or not isinstance(text, str):
        return None
    entry = LedgerEntry(kind=kind, path=state.root / path, text=text, created=document.get("created") is True)
    return entry if _is_believable(entry, state.root) else None


def _is_believable(entry: LedgerEntry, root: Path) -> bool:
    """Whether the entry names something of a kind and at a place that pyve can have made."""
    path = entry.path
    if "\0" in str(path) or ".." in path.parts or not path.is_absolute():
        return False
    if entry.kind in _OUTSIDE_KINDS:
        return path.parts[-2:] == ("info", "exclude") if entry.kind == "exclude-line" else path.name == "envs"
    if not path.is_relative_to(root) or path == root:
        return False
    name = path.relative_to(root)
    if entry.kind == "build-watch" and not _is_list_of_names(entry.text):
        return False
    if entry.kind == "moved-aside":
        aside = PurePath(entry.text)
        return name == PurePath(".venv") and len(aside.parts) == 1 and aside.name.startswith(".venv.before-pyve")
    return _PLACES[entry.kind](name)


def _is_list_of_names(text: str) -> bool:
    try:
        names = json.loads(text)
    except ValueError:
        return False
    return isinstance(names, list) and all(isinstance(name, str) for name in names)


_PLACES: Mapping[str, Callable[[PurePath], bool]] = {
    "link": lambda name: name in (PurePath(".venv"), PurePath(".pyve", "env")),
    "file": lambda name: name in (PurePath(".pyve", ".gitignore"), PurePath(".pyve", "CACHEDIR.TAG")),
    "folder": lambda name: name in (PurePath(".pyve"), PurePath(".pyve", "envs")),
    "block": lambda name: name in (PurePath(".gitignore"), PurePath(".dockerignore")),
    "build-watch": lambda name: name == PurePath(".pyve"),
    "build-output": lambda name: name.suffix == ".egg-info" and len(name.parts) <= 2,
    "program": lambda name: len(name.parts) == 4 and name.parts[:2] == (".pyve", "micromamba"),
}
