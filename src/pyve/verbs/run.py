"""`pyve run`: a command inside the project's environment, started at once.

Light: no Typer, no TOML, no hashing, unless a watched file's size, time or inode differs from the record's. What `os`
and `sys` do not have is imported where it is needed, after the decision that it is.
"""

import os
import sys

from pyve.environments.current import (
    CURRENT_NAME,
    ENV_VALUES_NAME,
    STATE_FOLDER,
    Current,
    find_project_of,
    mirror,
    read_fields,
    require_private,
    stat_signature,
)
from pyve.errors import CommandNotExecutableError, CommandNotFoundError, PyveError, RunFailedError
from pyve.system.directories import state_directory

TYPE_CHECKING = False  # typing itself is too heavy here
if TYPE_CHECKING:
    from collections.abc import Callable


class RunRequest:
    """A command and its arguments, untouched. A plain class: dataclasses are too heavy here."""

    __slots__ = ("command", "directory", "quiet", "strict")

    def __init__(self, command: "list[str]", *, directory: str, strict: bool = False, quiet: bool = False) -> None:
        self.command = command
        self.directory = directory
        self.strict = strict
        self.quiet = quiet


class Entered:
    """The environment that a command gets: its variables, and a sentence when it is not what the files ask for."""

    __slots__ = ("environment", "notice", "root")

    def __init__(self, environment: "dict[str, str]", *, root: str, notice: str = "") -> None:
        self.environment = environment
        self.root = root
        self.notice = notice


def run(request: RunRequest, environment: "dict[str, str]", *, say: "Callable[[str], None]") -> int:
    """Replace this process by the command (POSIX), or run it and return its exit status (Windows).

    `say` is called with one sentence when the environment is not what the project's files ask for.

    Raises RunFailedError (125), CommandNotExecutableError (126), CommandNotFoundError (127).
    """
    entered = enter(request, environment)
    if entered.notice and not request.quiet:
        say(entered.notice)
    return become(request.command, entered.environment)


def become(command: "list[str]", environment: "dict[str, str]") -> int:
    """Replace this process by `command` with `environment` (POSIX), or run it and return its exit status (Windows).

    Raises CommandNotExecutableError (126), CommandNotFoundError (127).
    """
    executable = find_executable(command[0], environment)
    if sys.platform == "win32":
        return _run_as_child(executable, command, environment)
    restore_signals()
    try:
        os.execve(executable, command, environment)
    except OSError as error:
        raise CommandNotExecutableError(f"{executable} cannot be executed: {error.strerror}.") from error


def _run_as_child(executable: str, command: "list[str]", environment: "dict[str, str]") -> int:
    """Windows has no exec: start the command, wait, return its exit status."""
    from pyve.system.batch_script import words_to_start
    from pyve.system.process import run_in_foreground

    try:
        return run_in_foreground(words_to_start(executable, command, environment), environment=environment)
    except OSError as error:
        hint = f"pyve run python {executable}" if executable.lower().endswith((".py", ".pyw")) else None
        raise CommandNotExecutableError(f"{executable} cannot be executed: {error.strerror}.", hint=hint) from error


def enter(request: RunRequest, environment: "dict[str, str]") -> Entered:
    """The variables of a process inside the project's environment; raises RunFailedError, whatever is wrong."""
    try:
        return _enter(request, environment)
    except RunFailedError:
        raise
    except PyveError as error:
        raise RunFailedError(error.message, hint=error.hint) from error


def _enter(request: RunRequest, environment: "dict[str, str]") -> Entered:
    state = state_directory(environment)
    root = find_project_of(state, request.directory)
    if root is None:
        raise RunFailedError(f"No pyve project at or above {request.directory}.", hint="pyve init")
    require_private(state)
    folder = os.path.join(mirror(state, root), STATE_FOLDER)
    fields = read_fields(os.path.join(folder, CURRENT_NAME))
    if fields is None:
        raise RunFailedError(f"{root} has no environment yet.", hint="pyve sync")
    current = Current(fields)
    notice = ""
    if has_changed(current, root, folder, environment):
        from pyve.verbs.run_changed import settle_change

        current, notice = settle_change(
            current, root=root, folder=folder, strict=request.strict, environment=environment
        )
    mark_used(current, folder)
    own = current.every("prepend")
    changed = dict(environment)
    if "_PYVE_ROOT" in environment and environment.get("_PYVE_BIN") != os.pathsep.join(own):
        from pyve.activation.process_environment import leave_project

        changed = leave_project(environment)  # the shell is in another project, or in an older environment of this one
    prefix = current.first("conda-prefix")
    if prefix:
        from pyve.activation.process_environment import stack_conda

        changed.update(stack_conda(changed, prefix))
    for name in current.every("unset"):
        changed.pop(name, None)
    for item in current.every("set"):
        name, _, value = item.partition("=")
        changed[name] = value
    path = changed.get("PATH", os.defpath).split(os.pathsep)
    values_file = os.path.join(folder, ENV_VALUES_NAME)
    if os.path.exists(values_file):
        from pyve.environments.env_values import read_env_values

        approved = read_env_values(values_file)
        changed.update(approved.values if approved else {})
    changed["PATH"] = os.pathsep.join([*own, *(entry for entry in path if entry not in own)])
    return Entered(changed, root=root, notice=notice)


def has_changed(current: Current, root: str, folder: str, environment: "dict[str, str]") -> bool:
    """Whether a file, a variable or the environment itself is not as it was when `current` was written."""
    for item in current.every("variable"):
        name, _, value = item.partition("=")
        if environment.get(name, "") != value:
            return True
    if os.path.realpath(current.first("directory")) != current.first("real-directory"):
        return True
    record = os.path.join(folder, "records", current.first("key") + ".json")
    if stat_signature(record).partition(":")[0] != current.first("record-size"):
        return True
    for signature, path in current.sentinels():
        if stat_signature(path) != signature:
            return True
    return any(stat_signature(os.path.join(root, name)) != signature for signature, _, name in current.watched())


def mark_used(current: Current, folder: str) -> None:
    """Note the time of use in the record's own; no record means that the environment is not one (any more)."""
    record = os.path.join(folder, "records", current.first("key") + ".json")
    try:
        os.utime(record)
    except FileNotFoundError:
        raise RunFailedError(
            f"The environment {current.first('directory')} is not there any more.", hint="pyve sync"
        ) from None
    except OSError:
        pass  # a full or read-only disk must not keep a command from running


def find_executable(command: str, environment: "dict[str, str]") -> str:
    """The file that `command` names, as execvp(3) finds it on the new PATH."""
    separators = (os.sep, os.altsep) if os.altsep else (os.sep,)
    if any(separator in command for separator in separators):
        candidates = [command]
    else:
        folders = environment.get("PATH", os.defpath).split(os.pathsep)
        if sys.platform == "win32":  # where an empty entry means nothing, and entries may be quoted
            folders = [folder.strip('"') for folder in folders if folder]
        candidates = [os.path.join(folder or os.curdir, command) for folder in folders]
    if sys.platform == "win32":
        endings = [ending for ending in environment.get("PATHEXT", ".COM;.EXE;.BAT;.CMD").split(";") if ending]
        if command.lower().endswith(tuple(ending.lower() for ending in endings)):
            endings.insert(0, "")
        candidates = [candidate + ending for candidate in candidates for ending in endings]
    refused = None
    for candidate in candidates:
        if os.path.isfile(candidate):
            if os.access(candidate, os.X_OK):
                return candidate
            refused = refused or candidate
    hint = f"pyve run python {command}" if command.endswith(".py") and os.path.isfile(command) else None
    if refused is not None:
        raise CommandNotExecutableError(f"{refused} is not executable.", hint=hint or f"chmod +x {refused}")
    raise CommandNotFoundError(
        f"{command!r} is neither in the environment nor on PATH.",
        hint=hint or "pyve sync  # once the package that brings it is declared",
    )


def restore_signals() -> None:
    """Give the command the default action of the signals that Python ignores."""
    import _signal  # the module signal imports enum, which costs more than all of this

    for name in ("SIGPIPE", "SIGXFSZ"):
        number = getattr(_signal, name, None)
        if number is not None:
            _signal.signal(number, _signal.SIG_DFL)
