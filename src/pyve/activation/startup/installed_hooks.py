"""The hooks that startup files source, and the completions beside them: rendered, and renewed by a later pyve."""

import os
from collections.abc import Sequence
from pathlib import Path

from pyve.activation.completion.files import read_completion_file
from pyve.activation.completion.loading import completion_copy, render_completion_loading
from pyve.activation.dialects import DIALECTS
from pyve.activation.dialects.dialect import Dialect
from pyve.activation.hook import render_hook
from pyve.activation.startup.file import hook_file, lines_of_ours, render_sourcing_line
from pyve.activation.startup.ledger import read_startup_ledger
from pyve.system.files import make_private_directory, write_atomically


def render_installed_hook(dialect: Dialect, *, state_directory: str, command: Sequence[str]) -> bytes:
    """The installed form of a hook: with what reads the completion."""
    hook = render_hook(dialect, state_directory=state_directory, command=command)
    return hook + render_completion_loading(dialect, state_directory=state_directory)


def render_installed_hooks(state_directory: str, command: Sequence[str]) -> dict[Path, bytes]:
    """What each installed hook file should hold.

    The command that it was installed with stays as long as it can be started, so that a second pyve somewhere (in a
    project's own environment, say) does not take its place.
    """
    known = {entry.shell: entry.command for entry in read_startup_ledger(state_directory)}
    hooks = {}
    for dialect in DIALECTS.values():
        file = hook_file(state_directory, dialect)
        if file.is_file() and not file.is_symlink():
            noted = known.get(dialect.name, ())
            used = noted if noted and os.access(noted[0], os.X_OK) else command
            hooks[file] = render_installed_hook(dialect, state_directory=state_directory, command=used)
    return hooks


def loads_hook(dialect: Dialect, state_directory: str) -> bool:
    """Whether a startup file that pyve has edited for this shell still has the line that loads its hook."""
    line = render_sourcing_line(dialect, hook_file(state_directory, dialect))
    files = (entry.file for entry in read_startup_ledger(state_directory) if entry.shell == dialect.name)
    return any(file.is_file() and line in lines_of_ours(file.read_bytes(), dialect) for file in files)


def refresh_installed_hooks(state_directory: str, command: Sequence[str]) -> tuple[Path, ...]:
    """Write those anew, and their completions, that are not what this pyve renders; returns them.

    Shells that run keep what they have read.

    Raises the errors of reading and writing the state directory.
    """
    files = render_installed_hooks(state_directory, command)
    for dialect in DIALECTS.values():
        if hook_file(state_directory, dialect) in files:
            files[completion_copy(state_directory, dialect)] = read_completion_file(dialect.name)
    stale = tuple((file, text) for file, text in files.items() if not file.is_file() or file.read_bytes() != text)
    for file, text in stale:
        make_private_directory(file.parent)
        write_atomically(file, text)
    return tuple(file for file, _ in stale)
