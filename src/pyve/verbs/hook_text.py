"""The text of a hook for the state directory of this user, for `pyve hook SHELL`. Few imports: shells start with it."""

import os
from collections.abc import Mapping, Sequence

from pyve.activation.dialects.dialect import Dialect
from pyve.activation.hook import render_hook
from pyve.environments.current import require_fixed_place, require_private
from pyve.errors import PyveError
from pyve.system.directories import state_directory


def render_hook_text(dialect: Dialect, environment: Mapping[str, str], *, command: Sequence[str]) -> bytes:
    """The hook. The state directory is made ready for it, where that can be done.

    Raises OwnerMismatchError where others could put something into the state directory that the hook would read, and
    HomeUnknownError.
    """
    directory = state_directory(environment)
    require_fixed_place(directory)
    if os.path.isdir(directory):
        require_private(directory)
    if not os.path.exists(os.path.join(directory, "generation")):
        import contextlib

        from pyve.environments.generation import ensure_generation

        with contextlib.suppress(PyveError, OSError):  # the hook does without one, and looks at each prompt
            ensure_generation(directory)
    return render_hook(dialect, state_directory=directory, command=command)
