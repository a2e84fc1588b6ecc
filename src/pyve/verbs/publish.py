"""Letting shells know what is in use: the one place from which verbs write a project's snippets."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from pyve.activation.snippet_files import write_snippets
from pyve.activation.startup.installed_hooks import refresh_installed_hooks
from pyve.environments.state import ProjectState
from pyve.errors import PyveError
from pyve.system.own_command import find_own_command
from pyve.verbs.situation import Situation


def publish_snippets(
    situation: Situation, state: ProjectState, *, notice: str = "", looked_at: int | None = None
) -> None:
    """Write the snippets of the project, with `notice` for its shells. The caller holds the project's lock.

    The path by which this process's shell has reached the project becomes one by which it is found. Hooks that an
    older pyve installed are renewed, so that they understand what is written.
    """
    with contextlib.suppress(PyveError, OSError):  # what is installed goes on working; `pyve check` tells of it
        refresh_installed_hooks(situation.state_directory, find_own_command())
    write_snippets(
        state,
        notice=notice,
        show_prompt=situation.settings.prompt,
        alias=find_alias(state.root, situation.environment),
        looked_at=looked_at,
    )


def find_alias(root: Path, environment: Mapping[str, str]) -> str | None:
    """The path of `root` as the shell that started this process has it (PWD), when links make it another one."""
    logical = os.path.normpath(environment.get("PWD", ""))  # shells of MSYS write it with slashes for Windows
    if not os.path.isabs(logical):
        return None
    real = Path(os.path.realpath(logical))
    if os.path.normcase(logical) == os.path.normcase(real) or not real.is_relative_to(root):
        return None
    for part in reversed(real.relative_to(root).parts):
        if os.path.basename(logical) != part:
            return None
        logical = os.path.dirname(logical)
    return logical
