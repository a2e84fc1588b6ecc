"""The values of a project's env file as its owner approved them: `@state/env-values`.

Light: no more than os and what `run` has imported anyway. The file in the repository is not read again: hooks and `run`
take the values from here, so that a change of it does nothing until the next `pyve allow`.
"""

import os

from pyve.environments.current import encode, read_fields
from pyve.errors import StateDamagedError

TYPE_CHECKING = False  # typing itself is too heavy here
if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_READ = 1024 * 1024  # bytes; what is approved is never as large, so what is has changed


class EnvValues:
    """What was approved: the file's name relative to the root, the SHA-256 of its bytes, and its variables in order."""

    __slots__ = ("digest", "file", "values")

    def __init__(self, *, file: str, digest: str, values: "Mapping[str, str]") -> None:
        self.file = file
        self.digest = digest
        self.values = dict(values)


def read_env_values(path: "str | os.PathLike[str]") -> "EnvValues | None":
    """The approved values at `path` (ProjectState.env_values_file), None when there are none.

    Raises StateDamagedError and StateTooNewError.
    """
    try:
        fields = read_fields(os.fspath(path))
    except StateDamagedError as error:
        raise StateDamagedError(error.message, hint="pyve allow") from error
    if fields is None:
        return None
    once = dict(fields)
    pairs = (value.partition("=") for key, value in fields if key == "set")
    return EnvValues(
        file=once.get("file", ""),
        digest=once.get("digest", ""),
        values={name: value for name, _, value in pairs},
    )


def is_as_approved(root: "str | os.PathLike[str]", approved: EnvValues) -> bool:
    """Whether the env file of the project at `root` has the bytes that were approved.

    A prompt waits for the answer: a pipe in the file's place is not waited for, and only so much is read.
    """
    from hashlib import sha256

    try:
        with open(os.path.join(root, approved.file), "rb", opener=_open_at_once) as file:
            if os.fstat(file.fileno()).st_mode & 0o170000 != 0o100000:  # the module stat is not for the light path
                return False
            return sha256(file.read(_MOST_READ)).hexdigest() == approved.digest
    except OSError:
        return False


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def write_env_values(path: "str | os.PathLike[str]", approved: EnvValues) -> None:
    """Replace the file at `path`, atomically. The caller holds the project's lock."""
    from pathlib import Path

    from pyve.system.files import write_atomically

    fields = [("file", approved.file), ("digest", approved.digest)]
    fields += [("set", f"{name}={value}") for name, value in approved.values.items()]
    write_atomically(Path(path), encode(fields))
