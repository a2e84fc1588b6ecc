"""Which shell a verb is about: the one that is named, else the one that pyve was started from."""

import os
from dataclasses import dataclass

from pyve.activation.dialects import DIALECTS
from pyve.activation.dialects.dialect import Dialect
from pyve.errors import UsageError
from pyve.system.shell_detection import DetectedShell, detect_shell

_OTHER_NAMES = {"powershell": "pwsh"}


@dataclass(frozen=True, kw_only=True)
class ShellChoice:
    """`named` as it was typed; `detected` is the shell above this process, and counts where none is named."""

    named: str | None = None
    detected: DetectedShell | None = None

    @property
    def program(self) -> str | None:
        """The shell's name or path, None where it is not known."""
        return self.named or (self.detected.name if self.detected else None)


def read_shell_choice(named: str | None) -> ShellChoice:
    """The choice that `named` makes, or that is left to the shell above."""
    return ShellChoice(named=named, detected=None if named else detect_shell())


def find_dialect(program: str) -> Dialect | None:
    """The dialect of a shell that is given by its name or path, None where there is none."""
    name = os.path.basename(program.replace("\\", "/")).lower().removesuffix(".exe").lstrip("-")
    return DIALECTS.get(_OTHER_NAMES.get(name, name))


def choose_dialect(choice: ShellChoice, *, command: str) -> Dialect:
    """The dialect of the shell that is chosen. `command` is what a user types before the name of a shell.

    Raises UsageError where the shell is not known, or there is no dialect for it.
    """
    if choice.program is None:
        raise UsageError("Which shell this is could not be found out.", hint=f"name it: {command} bash")
    dialect = find_dialect(choice.program)
    if dialect is None:
        from pyve.project.nearest_name import find_nearest_name

        nearest = find_nearest_name(choice.program, DIALECTS)
        raise UsageError(
            f"{choice.program!r} is no shell that pyve knows; those are bash, zsh, fish and pwsh.",
            hint=f"did you mean `{nearest}`?" if nearest else f"{command} bash",
        )
    return dialect
