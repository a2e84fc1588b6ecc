"""The environment a project has in use, in the form `run` reads it.

Light: only os is imported. A project's state lies under the state directory in folders that mirror its absolute path:
no hashing, no escaping in shell, exact for any byte. `@state/current` is NUL-separated `key=value` fields, replaced
atomically; keys may repeat. Everything but the format number is optional to a reader, so that newer fields do no harm.
"""

import os
import sys

from pyve.errors import StateDamagedError, StateTooNewError

FORMAT = 1
STATE_FOLDER = "@state"
# Files in it that light modules read as well.
CURRENT_NAME = "current"
ENV_VALUES_NAME = "env-values"
TOLD_NAME = "told"


class Current:
    """What `current` says. A plain class: dataclasses import re and inspect, which `run` cannot afford.

    Fields named `set` (NAME=VALUE), `unset` and `prepend` are the environment changes on entry, `variable` those whose
    value counts beside the files. `conda-prefix` is to be stacked on what conda has active; `sourced` are the names of
    those changes that shells get by sourcing each `script` (ENDING PATH, in order), what processes are given by value.
    """

    __slots__ = ("fields",)

    def __init__(self, fields: "list[tuple[str, str]]") -> None:
        self.fields = fields

    def first(self, key: str) -> str:
        """The value of the first field named `key`, or an empty string."""
        for name, value in self.fields:
            if name == key:
                return value
        return ""

    def every(self, key: str) -> "list[str]":
        """The values of all fields named `key`, in order."""
        return [value for name, value in self.fields if name == key]

    def scripts(self, key: str) -> "dict[str, tuple[str, ...]]":
        """The paths in the fields named `key` (script, script-on-leaving) by their endings, in order."""
        found: dict[str, tuple[str, ...]] = {}
        for value in self.every(key):
            ending, _, path = value.partition(" ")
            found[ending] = (*found.get(ending, ()), path)
        return found

    def watched(self) -> "list[tuple[str, str, str]]":
        """Stat signature, digest and name of each input; a name is relative to the project's root, or absolute."""
        watched = []
        for value in self.every("watch"):
            signature, digest, name = value.split(" ", 2)
            watched.append((signature, digest, name))
        return watched

    def sentinels(self) -> "list[tuple[str, str]]":
        """Stat signature and path of the files of the environment by which another tool's rewrite is noticed."""
        return [(signature, path) for signature, _, path in (value.partition(" ") for value in self.every("sentinel"))]


def mirror(state_directory: str, project_root: str) -> str:
    """The directory of a project's state: `project_root` (absolute) mirrored under `projects/`.

    Components that begin with `@` get another `@`, so that no project can be mistaken for a state folder.
    """
    drive, rest = os.path.splitdrive(project_root)
    parts = [part for part in rest.split(os.sep) if part]
    if drive:
        parts = [part for part in drive.replace(":", "").split(os.sep) if part] + parts
    return os.path.join(state_directory, "projects", *("@" + part if part.startswith("@") else part for part in parts))


def find_registered_root(state_directory: str, start: str) -> "str | None":
    """The nearest directory at or above `start` (absolute) that is registered, or None."""
    directory = start
    while True:
        if os.path.isdir(os.path.join(mirror(state_directory, directory), STATE_FOLDER)):
            return directory
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


def find_project_of(state_directory: str, start: str) -> "str | None":
    """As find_registered_root, for a directory that may have been reached through a symlink."""
    found = find_registered_root(state_directory, start)
    if found is None:
        real = os.path.realpath(start)
        if real != start:
            found = find_registered_root(state_directory, real)
    return found


def stat_signature(path: str) -> str:
    """`size:mtime_ns:inode` of the file at `path`, `-` when there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return "-"
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ino}"


def encode(fields: "list[tuple[str, str]]") -> bytes:
    """The bytes of a file of fields; a value holds any byte but NUL."""
    return b"".join(os.fsencode(f"{name}={value}") + b"\0" for name, value in [("format", str(FORMAT)), *fields])


def decode(content: bytes, *, path: str) -> "list[tuple[str, str]]":
    """The fields of a file of fields, without the format number.

    Raises StateTooNewError when a newer pyve wrote it and StateDamagedError when nobody can have.
    """
    fields = []
    for chunk in content.split(b"\0"):
        if chunk:
            try:
                name, _, value = os.fsdecode(chunk).partition("=")
            except UnicodeDecodeError:  # on Windows, where names are text
                raise StateDamagedError(f"{path} is damaged.", hint="pyve sync") from None
            fields.append((name, value))
    if not fields or fields[0][0] != "format" or not fields[0][1].isdecimal() or not content.endswith(b"\0"):
        raise StateDamagedError(f"{path} is damaged.", hint="pyve sync")
    if int(fields[0][1]) > FORMAT:
        raise StateTooNewError(
            f"{path} was written by a newer pyve (state format {fields[0][1]}, this one knows {FORMAT}).",
            hint="upgrade pyve, or set PYVE_STATE_DIR to another directory",
        )
    return fields[1:]


def read_fields(path: str) -> "list[tuple[str, str]] | None":
    """The fields of the file at `path`, or None when there is no such file."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        return None
    return decode(content, path=path)


def require_private(directory: str) -> None:
    """Raise OwnerMismatchError unless `directory` is the user's own and nobody else may write to it (POSIX)."""
    if sys.platform == "win32":
        return  # the profile's own access list is what protects it there
    status = os.stat(directory)
    if status.st_uid != os.geteuid() or status.st_mode & 0o022:
        from pyve.errors import OwnerMismatchError

        raise OwnerMismatchError(
            f"{directory} belongs to another user, or others may write to it; nothing in it is believed.",
            hint=f"chown and chmod 700 {directory}, or set PYVE_STATE_DIR to a directory of your own",
        )


def require_fixed_place(directory: str) -> None:
    """Raise OwnerMismatchError where everybody can put another directory in the place of `directory` (POSIX).

    A shell believes the owner of a file: in a directory of somebody else's making, a link to a file of the user's
    would do. In /tmp the sticky bit forbids it.
    """
    above = os.path.dirname(os.path.realpath(directory))
    while sys.platform != "win32":
        if os.path.isdir(above) and os.stat(above).st_mode & 0o1002 == 0o002:
            from pyve.errors import OwnerMismatchError

            raise OwnerMismatchError(
                f"Everybody may write to {above}, and so put another directory in the place of {directory}.",
                hint=f"chmod o-w {above}, or set PYVE_STATE_DIR to a directory of your own",
            )
        if above == os.path.dirname(above):
            return
        above = os.path.dirname(above)
