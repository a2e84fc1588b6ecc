"""The hooks that startup files source, renewed: they were rendered by the pyve that installed them."""

import os
from collections.abc import Sequence
from pathlib import Path

from pyve.activation.dialects import DIALECTS
from pyve.activation.hook import render_hook
from pyve.activation.startup_file import hook_file
from pyve.activation.startup_ledger import read_startup_ledger
from pyve.system.files import write_atomically


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
            hooks[file] = render_hook(dialect, state_directory=state_directory, command=used)
    return hooks


def refresh_installed_hooks(state_directory: str, command: Sequence[str]) -> tuple[Path, ...]:
    """Write those anew that are not what this pyve renders; returns them. Shells that run keep what they have read.

    Raises the errors of reading and writing the state directory.
    """
    stale = tuple(
        (file, text)
        for file, text in render_installed_hooks(state_directory, command).items()
        if file.read_bytes() != text
    )
    for file, text in stale:
        write_atomically(file, text)
    return tuple(file for file, _ in stale)
