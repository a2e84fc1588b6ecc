"""What live processes use of the file system, as far as this system tells: what nobody may delete under them."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

_VARIABLES = (b"VIRTUAL_ENV=", b"CONDA_PREFIX=")


@dataclass(frozen=True, kw_only=True)
class UsedPath:
    """A path that the process `pid` has as `what`: executable, working directory, argument, mapped file, variable."""

    pid: int
    what: str
    path: str


@dataclass(frozen=True, kw_only=True)
class ProcessUsage:
    """Absolute paths in use. When not `known`, processes cannot be asked here, and `reason` says why."""

    paths: tuple[UsedPath, ...] = ()
    known: bool = True
    reason: str = ""

    def find_user_of(self, directory: Path) -> UsedPath | None:
        """One use of `directory` or of anything in it."""
        name = os.fspath(directory)
        inside = name.rstrip(os.sep) + os.sep
        return next((used for used in self.paths if used.path == name or used.path.startswith(inside)), None)


def read_process_usage(proc: Path = Path("/proc")) -> ProcessUsage:
    """What the processes that we may look into use, by proc(5); those of other users mostly hide it and are left out.

    pyve's own process is left out too.
    """
    if not (proc / "self" / "maps").exists():
        return ProcessUsage(known=False, reason=f"{_system_name()} does not tell pyve which files its processes use")
    used: dict[UsedPath, None] = {}
    own = os.getpid()
    for entry in proc.iterdir():
        if entry.name.isdigit() and int(entry.name) != own:
            used.update(dict.fromkeys(_paths_of(entry, int(entry.name))))
    return ProcessUsage(paths=tuple(used))


def _system_name() -> str:
    return {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, "this system")


def _paths_of(process: Path, pid: int) -> list[UsedPath]:
    directory = _read_link(process / "cwd")
    found = [("executable", _read_link(process / "exe")), ("working directory", directory)]
    found += [("mapped file", path) for path in _mapped_files(_read(process / "maps"))]
    # The interpreter of a venv is a link: the executable is what it leads to, only the argument names the venv.
    for argument in _read(process / "cmdline").split(b"\0")[:3]:
        if b"/" in argument:
            found.append(("argument", _resolve_folder(os.path.join(directory, os.fsdecode(argument)))))
    for assignment in _read(process / "environ").split(b"\0"):
        if assignment.startswith(_VARIABLES):
            name, _, value = os.fsdecode(assignment).partition("=")
            found += [(name, value), (name, os.path.realpath(value))]
    return [
        UsedPath(pid=pid, what=what, path=path.removesuffix(" (deleted)"))
        for what, path in found
        if path.startswith("/")
    ]


def _mapped_files(maps: bytes) -> set[str]:
    names = (line.split(None, 5) for line in maps.splitlines())
    return {os.fsdecode(fields[5]) for fields in names if len(fields) == 6 and fields[5].startswith(b"/")}


def _resolve_folder(path: str) -> str:
    """`path` with the links on the way to its last name resolved, but not the last name itself."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)


def _read_link(path: Path) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
