"""A whole python as a package, made of an interpreter of this machine: it runs wherever it is linked to.

It shares the machine's libraries (libssl and its like), so it is for this machine only.
"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from tests.support.conda_package import MadePackage, PackageFile, symlink
from tests.support.conda_python import Interpreter

_LEFT_OUT = {
    *("test", "tests", "idlelib", "idle_test", "tkinter", "turtledemo", "lib2to3", "pydoc_data", "ensurepip"),
    *("__pycache__", "site-packages"),
}


def can_be_moved(interpreter: Interpreter) -> bool:
    """Whether a copy of it runs elsewhere: a distribution's own is patched for the place where it lies."""
    return interpreter.prefix != Path("/usr")


def real_python(interpreter: Interpreter, *, subdir: str) -> MadePackage:
    """A package `python` that needs nothing of where the interpreter was installed."""
    minor = interpreter.minor
    files = [
        _package_file(interpreter, interpreter.executable, f"bin/python{minor}"),
        symlink("bin/python3", f"python{minor}"),
        symlink("bin/python", f"python{minor}"),
        PackageFile(path=f"lib/python{minor}/site-packages/README.txt", data=b"What is installed lies here.\n"),
        *_library_files(interpreter),
    ]
    return MadePackage(
        name="python",
        version=interpreter.version,
        build="0_real",
        subdir=subdir,
        depends=("__unix",),
        site_packages=f"lib/python{minor}/site-packages",
        files=tuple(files),
    )


def _library_files(interpreter: Interpreter) -> Iterator[PackageFile]:
    prefix, library = interpreter.prefix, interpreter.library
    for path in sorted((prefix / "lib").glob(f"libpython{interpreter.minor}*.so*")):
        yield _package_file(interpreter, path, f"lib/{path.name}")
    for folder, folders, names in os.walk(library):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT and not name.startswith("config-"))
        for name in sorted(names):
            path = Path(folder) / name
            if path.suffix not in (".a", ".pyc"):
                yield _package_file(interpreter, path, f"lib/{library.name}/{path.relative_to(library).as_posix()}")


def _package_file(interpreter: Interpreter, path: Path, place: str) -> PackageFile:
    if path.is_symlink() and not os.path.isabs(os.readlink(path)):
        return symlink(place, os.readlink(path))
    data, mode, old = path.read_bytes(), stat.S_IMODE(path.stat().st_mode), os.fspath(interpreter.prefix)
    if data.startswith(b"\x7fELF"):
        to_lib = "/".join([".."] * (place.count("/") - (0 if place.startswith("bin/") else 1)))
        origin = "$ORIGIN/" + (to_lib + "/lib" if place.startswith("bin/") else to_lib)
        return PackageFile(path=place, data=_with_run_path(data, f"{old}/lib", origin.rstrip("/")), mode=mode)
    if old.encode() in data:
        return PackageFile(path=place, data=data, mode=mode, placeholder="text", placeholder_text=old)
    return PackageFile(path=place, data=data, mode=mode)


def _with_run_path(data: bytes, old: str, new: str) -> bytes:
    """The program with another RUNPATH, where it has one: written over the old one, which has to be no shorter."""
    room = len(old)
    pattern = re.compile(rb"(?<=\0)" + re.escape(old.encode()) + rb"(?=\0)")
    assert len(new) <= room or not pattern.search(data), f"{old} has no room for {new}"
    return pattern.sub(lambda _: new.encode().ljust(room, b"\0"), data)
