"""Which shell a verb is about: the one that is named, else the one that pyve was started from."""

import os
from dataclasses import dataclass

from pyve.activation.dialects import DIALECTS
from pyve.activation.dialects.dialect import Dialect
from pyve.errors import UsageError
from pyve.system.shell_detection import DetectedShell, detect_shell

_OTHER_NAMES = {"powershell": "pwsh"}
_NAMES = "bash, zsh, fish and pwsh"
# Shells that are meant when they are named, and no misspelt ones of ours.
_OTHER_SHELLS = frozenset(
    ("sh", "ash", "dash", "csh", "tcsh", "ksh", "ksh93", "mksh", "oksh", "yash", "nu", "elvish", "xonsh", "osh", "cmd")
)


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
    name = _plain_name(program)
    return DIALECTS.get(_OTHER_NAMES.get(name, name))


def _plain_name(program: str) -> str:
    return os.path.basename(program.replace("\\", "/")).lower().removesuffix(".exe").lstrip("-")


def choose_dialect(choice: ShellChoice, *, command: str) -> Dialect:
    """The dialect of the shell that is chosen. `command` is what a user types before the name of a shell.

    Raises UsageError where the shell is not known, or there is no dialect for it.
    """
    if choice.program is None:
        raise UsageError("Which shell this is could not be found out.", hint=f"name it: {command} bash")
    dialect = find_dialect(choice.program)
    if dialect is None:
        raise _refuse(choice.program, command, is_named=choice.named is not None)
    return dialect


def _refuse(program: str, command: str, *, is_named: bool) -> UsageError:
    """The error for a shell without a dialect; only a name that is no shell's is taken for a misspelt one."""
    from pyve.project.nearest_name import find_nearest_name

    if _plain_name(program) in _OTHER_SHELLS:
        told = f"`{command}` is for {_NAMES}; there is none for {_plain_name(program)}."
        other = "from any other shell: pyve run COMMAND, or pyve shell"
        return UsageError(told, hint=other if is_named else f"name one of the four: {command} bash; {other}")
    nearest = find_nearest_name(program, DIALECTS)
    told = f"{program!r} is no shell that pyve knows; `{command}` is for {_NAMES}."
    return UsageError(told, hint=f"did you mean `{nearest}`?" if nearest else f"{command} bash")
