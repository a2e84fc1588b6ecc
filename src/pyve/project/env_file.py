"""A project's env file: variables in the syntax of python-dotenv, read once, at the moment its owner approves them.

`${NAME}` is filled in from the lines above it in the file alone, never from the process: what is approved means the
same wherever and whenever it is read. `$NAME`, `$(...)` and backticks are text.
"""

import hashlib
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyve.errors import EnvFileInvalidError, RefusedError
from pyve.project.variable_risks import is_variable_name, tell_why_ask, tell_why_never

if TYPE_CHECKING:
    from dotenv.parser import Binding

# Linux hands a program no single variable above 128 KiB, Windows none above 32 K characters.
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class EnvFile:
    """What one env file says. `name` is relative to the project's root; `digest` is the SHA-256 of its bytes.

    `lines` says where each variable is set. `without_value` are names that stand alone: they stay as the shell has
    them. `risks` says of some variables what they can do beyond the project's own programs.
    """

    name: str
    digest: str
    values: Mapping[str, str]
    lines: Mapping[str, int]
    without_value: tuple[str, ...] = ()
    risks: Mapping[str, str] = field(default_factory=dict)


def read_env_file(root: Path, name: str) -> EnvFile | None:
    """The env file `name` (relative) of the project at `root`; None when there is none.

    Raises RefusedError for a path that leaves the project, a variable that no repository may set, and a size no
    environment holds; EnvFileInvalidError with file:line for what cannot be understood.
    """
    content = _read_inside(root, name)
    return None if content is None else parse_env_file(content, name=name)


def parse_env_file(content: bytes, *, name: str) -> EnvFile:
    """What the bytes of an env file say; raises as read_env_file does."""
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    without_value: dict[str, None] = {}
    for line, variable, text in _statements(_decode(content, name), name):
        _check_name(variable, place=f"{name}:{line}")
        key = variable.upper() if sys.platform == "win32" else variable  # as the system itself takes it
        if text is None:
            without_value[key] = None
            continue
        values[key] = _fill_in(text, values, place=f"{name}:{line}")
        lines[key] = line
        without_value.pop(key, None)
        if sum(map(len, values.values())) > MOST_BYTES:
            raise _too_large(name)
    return EnvFile(
        name=name,
        digest=hashlib.sha256(content).hexdigest(),
        values=values,
        lines=lines,
        without_value=tuple(key for key in without_value if key not in values),
        risks={key: risk for key in values if (risk := tell_why_ask(key)) is not None},
    )


def digest_env_file(root: Path, name: str) -> str:
    """The SHA-256 of the env file's bytes; `-` when there is none, `unreadable` when it cannot or may not be read."""
    try:
        content = _read_inside(root, name)
    except (EnvFileInvalidError, RefusedError):
        return "unreadable"
    return "-" if content is None else hashlib.sha256(content).hexdigest()


def _read_inside(root: Path, name: str) -> bytes | None:
    """The bytes of the file `name`, wherever links in the project lead inside it."""
    real = os.path.realpath(root / name)
    if not Path(real).is_relative_to(os.path.realpath(root)):
        raise RefusedError(
            f"{name} leads out of the project, to {real}.",
            hint="put a file into the project, or: pyve config unset env-file",
        )
    try:
        with open(real, "rb", opener=_open_at_once) as file:
            is_regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            content = file.read(MOST_BYTES + 1) if is_regular else b""
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(name, error.strerror or type(error).__name__) from error
    if not is_regular:
        raise _unreadable(name, "it is not a regular file")
    if len(content) > MOST_BYTES:
        raise _too_large(name)
    return content


def _open_at_once(path: str, flags: int) -> int:
    """Neither a pipe that nobody writes to keeps pyve waiting, nor is a link followed that was put there just now."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))


def _decode(content: bytes, name: str) -> str:
    zero = content.find(b"\0")
    if zero >= 0:
        line = content.count(b"\n", 0, zero) + 1
        raise EnvFileInvalidError(f"{name}:{line}: a NUL byte, which no variable can hold.", hint="save it as text")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EnvFileInvalidError(f"{name}:{line}: this is not UTF-8.", hint="save it as UTF-8") from error


def _statements(text: str, name: str) -> "Iterator[tuple[int, str, str | None]]":
    """Line, name and raw value of each statement; None as value of a name that stands alone."""
    import io

    from dotenv.parser import parse_stream

    for binding in parse_stream(io.StringIO(text, newline="")):
        line = _line_of(binding)
        if binding.error:
            hint = "a statement is NAME=VALUE; a value with spaces or line breaks stands in quotes that are closed"
            raise EnvFileInvalidError(f"{name}:{line}: this cannot be understood.", hint=hint)
        if binding.key is not None:
            yield line, binding.key, binding.value


def _line_of(binding: "Binding") -> int:
    """The line that the statement begins in; blank lines before it belong to what the parser gives."""
    text = binding.original.string
    blank = text[: len(text) - len(text.lstrip())]
    return binding.original.line + blank.replace("\r\n", "\n").replace("\r", "\n").count("\n")


def _check_name(name: str, *, place: str) -> None:
    if not is_variable_name(name):
        raise EnvFileInvalidError(
            f"{place}: {name!r} is no name of a variable.", hint="letters, digits and _, not a digit first"
        )
    reason = tell_why_never(name)
    if reason is not None:
        raise RefusedError(
            f"{place}: {name} is not for a project to set: {reason}.", hint=f"take {name} out of the file"
        )


def _fill_in(text: str, above: Mapping[str, str], *, place: str) -> str:
    """`text` with `${NAME}` and `${NAME:-default}` filled in from what stands above."""
    from dotenv.variables import Variable, parse_variables

    filled = []
    for atom in parse_variables(text):
        if isinstance(atom, Variable) and atom.name not in above and atom.default is None:
            raise EnvFileInvalidError(
                f"{place}: ${{{atom.name}}} is not set above, and pyve takes nothing from outside the file.",
                hint=f"set {atom.name} above, or give a default: ${{{atom.name}:-...}}",
            )
        filled.append(atom.resolve(above))
    return "".join(filled)


def _unreadable(name: str, reason: str) -> EnvFileInvalidError:
    return EnvFileInvalidError(f"{name} cannot be read: {reason}.", hint=f"ls -ld {name}")


def _too_large(name: str) -> RefusedError:
    return RefusedError(
        f"{name} holds more than {MOST_BYTES // 1024} KiB, which a process is not given.", hint="keep data in files"
    )
