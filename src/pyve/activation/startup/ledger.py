"""Which startup files pyve put its line into: JSON lines in the state directory, so that all of it can be taken out.

A line is written before the startup file is changed. Of several about one file the last counts.
"""

import json
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyve.environments.json_lines import parse_json_line
from pyve.system.files import make_private_directory, tell_disk_errors, write_atomically

FORMAT = 1
LEDGER_NAME = "startup-files.jsonl"


@dataclass(frozen=True, kw_only=True)
class StartupEntry:
    """`file` has a line of ours for `shell`; `command` is what its hook starts pyve by.

    `created` says that the file did not exist before, `directories` which of those it lies in did not, deepest first.
    """

    shell: str
    file: Path
    command: tuple[str, ...]
    created: bool = False
    directories: tuple[Path, ...] = ()


def read_startup_ledger(state_directory: str) -> tuple[StartupEntry, ...]:
    """The entries, one for each shell and file; lines that are torn are passed over. Raises StateTooNewError."""
    file = Path(state_directory) / LEDGER_NAME
    with tell_disk_errors(file):
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            return ()
    entries: dict[tuple[str, Path], StartupEntry] = {}
    for line in content.split(b"\n"):
        entry = _parse(line, file)
        if entry is not None:
            entries[entry.shell, entry.file] = entry
    return tuple(entries.values())


def note_entry(state_directory: str, entry: StartupEntry) -> None:
    """Put `entry` into the ledger, in the place of what it says of the same file."""
    known = read_startup_ledger(state_directory)
    if entry not in known:
        others = [old for old in known if (old.shell, old.file) != (entry.shell, entry.file)]
        _write(state_directory, [*others, entry])


def forget_entries(state_directory: str, entries: Collection[StartupEntry]) -> None:
    """Take `entries` out; the ledger goes with its last one."""
    left = [entry for entry in read_startup_ledger(state_directory) if entry not in entries]
    if left:
        _write(state_directory, left)
    else:
        (Path(state_directory) / LEDGER_NAME).unlink(missing_ok=True)


def _write(state_directory: str, entries: Collection[StartupEntry]) -> None:
    make_private_directory(Path(state_directory))
    write_atomically(Path(state_directory) / LEDGER_NAME, b"".join(map(_render, entries)))


def _render(entry: StartupEntry) -> bytes:
    document = {
        "format": FORMAT,
        "shell": entry.shell,
        "file": os.fspath(entry.file),
        "command": list(entry.command),
        "created": entry.created,
        "directories": [os.fspath(directory) for directory in entry.directories],
    }
    return json.dumps(document, sort_keys=True).encode() + b"\n"  # ASCII: other bytes of names are escaped surrogates


def _parse(line: bytes, file: Path) -> StartupEntry | None:
    document = parse_json_line(line, file=file, newest_format=FORMAT)
    if document is None:
        return None
    shell, path = document.get("shell"), document.get("file")
    if not isinstance(shell, str) or not isinstance(path, str) or not os.path.isabs(path) or "\0" in path:
        return None
    return StartupEntry(
        shell=shell,
        file=Path(path),
        command=_texts(document.get("command")),
        created=document.get("created") is True,
        directories=tuple(Path(text) for text in _texts(document.get("directories")) if _holds(text, path)),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else ()


def _holds(directory: str, path: str) -> bool:
    return Path(directory) in Path(path).parents
