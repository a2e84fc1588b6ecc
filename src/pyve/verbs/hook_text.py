"""The text of a hook for the state directory of this user, for `pyve hook SHELL`. Few imports: shells start with it."""

import os
from collections.abc import Mapping, Sequence

from pyve.activation.dialects import DIALECTS
from pyve.activation.dialects.dialect import Dialect
from pyve.activation.hook import render_hook
from pyve.environments.current import require_private
from pyve.errors import PyveError, UsageError
from pyve.system.directories import state_directory

_OTHER_NAMES = {"powershell": "pwsh"}


def find_dialect(shell: str) -> Dialect | None:
    """The dialect of a shell that is given by its name or path, None where there is none."""
    name = os.path.basename(shell.replace("\\", "/")).lower().removesuffix(".exe").lstrip("-")
    return DIALECTS.get(_OTHER_NAMES.get(name, name))


def choose_dialect(shell: str) -> Dialect:
    """As find_dialect. Raises UsageError, naming those there are."""
    dialect = find_dialect(shell)
    if dialect is None:
        from pyve.project.nearest_name import find_nearest_name

        nearest = find_nearest_name(shell, DIALECTS)
        raise UsageError(
            f"pyve has no hook for {shell!r}; it has one each for bash, zsh, fish and pwsh.",
            hint=f"did you mean `{nearest}`?" if nearest else "pyve run starts a command inside, from any shell",
        )
    return dialect


def render_hook_text(dialect: Dialect, environment: Mapping[str, str], *, command: Sequence[str]) -> bytes:
    """The hook. The state directory is made ready for it, where that can be done.

    Raises OwnerMismatchError where others could put something into the state directory that the hook would read, and
    HomeUnknownError.
    """
    directory = state_directory(environment)
    if os.path.isdir(directory):
        require_private(directory)
    if not os.path.exists(os.path.join(directory, "generation")):
        import contextlib

        from pyve.environments.generation import ensure_generation

        with contextlib.suppress(PyveError, OSError):  # the hook does without one, and looks at each prompt
            ensure_generation(directory)
    return render_hook(dialect, state_directory=directory, command=command)
