"""Packages of python and pip for a test's channel, made of the interpreters that this machine has.

A thin python is five small files: links to an interpreter outside, and a pyvenv.cfg. Its sys.prefix is the prefix, its
site-packages is the prefix's, its standard library is the machine's.
"""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from dataclasses import dataclass, replace
from pathlib import Path

from tests.support.conda_package import PLACEHOLDER, MadePackage, PackageFile, program, symlink, text_file

_OLDEST_MINOR = 10
_DEBIAN_WHEELS = Path("/usr/share/python-wheels")  # where Debian moves what ensurepip bundles
_REPORT = """
import json, sys, sysconfig
base = getattr(sys, "_base_executable", sys.executable)
version = "%d.%d.%d" % sys.version_info[:3]
print(json.dumps([base, version, sysconfig.get_path("stdlib"), sys.base_prefix]))
"""


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """An interpreter that no environment owns, by its real path."""

    executable: Path
    version: str  # 3.11.7
    library: Path  # where its standard library lies
    prefix: Path

    @property
    def minor(self) -> str:
        """As in `3.11`."""
        return self.version.rpartition(".")[0]


def this_interpreter() -> Interpreter:
    """The one that runs the tests, below its virtual environment."""
    found = _examine(Path(sys.executable))
    assert found is not None
    return found


def find_other_interpreter() -> Interpreter | None:
    """One of another minor version: the nearest older one, else the nearest newer one; None where there is none."""
    here = sys.version_info[1]
    found: dict[int, list[Path]] = {}
    for path in _interpreter_paths():
        digits = path.name.removeprefix("python3.")
        if digits.isdecimal() and int(digits) >= _OLDEST_MINOR and int(digits) != here:
            found.setdefault(int(digits), []).append(path)
    for minor in sorted(found, key=lambda minor: (minor > here, abs(minor - here))):
        for path in found[minor]:
            interpreter = _examine(path)
            if interpreter is not None and interpreter.minor == f"3.{minor}":
                return interpreter
    return None


def _interpreter_paths() -> Iterator[Path]:
    """Beside the running one, as pyenv and uv lay them out, then on PATH; shims are never started."""
    yield from sorted(Path(sys.base_prefix).resolve().parent.glob("*/bin/python3.*"))
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if folder and Path(folder).name != "shims":
            yield from sorted(Path(folder).glob("python3.*"))


def _examine(path: Path) -> Interpreter | None:
    """What runs there; None where nothing does."""
    try:
        finished = subprocess.run([path, "-I", "-c", _REPORT], capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    executable, version, library, prefix = json.loads(finished.stdout)
    return Interpreter(
        executable=Path(executable).resolve(), version=version, library=Path(library), prefix=Path(prefix)
    )


def thin_python(interpreter: Interpreter, *, subdir: str) -> MadePackage:
    """A package `python` that runs as this interpreter."""
    minor = interpreter.minor
    site_packages = f"lib/python{minor}/site-packages"
    settings = f"home = {interpreter.executable.parent}\ninclude-system-site-packages = false\n"
    return MadePackage(
        name="python",
        version=interpreter.version,
        build="0_thin",
        subdir=subdir,
        depends=("__unix",),
        site_packages=site_packages,
        files=(
            symlink(f"bin/python{minor}", str(interpreter.executable)),
            symlink("bin/python3", f"python{minor}"),
            symlink("bin/python", f"python{minor}"),
            text_file("pyvenv.cfg", settings + f"version = {interpreter.version}\n"),
            text_file(f"{site_packages}/README.txt", "What is installed lies here.\n"),
        ),
    )


def bundled_packages(interpreters: tuple[Interpreter, ...]) -> Iterator[MadePackage]:
    """pip, and setuptools where it comes along: the newest that these interpreters bundle."""
    folders = [*(interpreter.library / "ensurepip" / "_bundled" for interpreter in interpreters), _DEBIAN_WHEELS]
    for name in ("pip", "setuptools"):
        wheels = [path for folder in folders for path in folder.glob(f"{name}-*.whl")]
        if wheels:
            yield package_of_wheel(max(wheels, key=_version_of_wheel))


def _version_of_wheel(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.name.split("-")[1].split(".") if part.isdecimal())


def package_of_wheel(wheel: Path, *, interpreter: Interpreter | None = None, subdir: str = "noarch") -> MadePackage:
    """A package of a wheel: noarch where it is pure, else for the minor of `interpreter` and for `subdir`.

    RECORD stays: without it pip does not upgrade what conda installed.
    """
    name, version = wheel.name.split("-")[:2]
    is_pure = wheel.name.endswith("-none-any.whl")
    assert is_pure or interpreter is not None, f"{wheel.name} is for one Python"
    site_packages = (
        "site-packages" if is_pure or interpreter is None else f"lib/python{interpreter.minor}/site-packages"
    )
    files: list[PackageFile] = []
    entry_points: tuple[str, ...] = ()
    with zipfile.ZipFile(wheel) as archive:
        info = next(path for path in archive.namelist() if path.endswith(".dist-info/METADATA")).partition("/")[0]
        for member in archive.infolist():
            if member.is_dir() or member.filename == f"{info}/INSTALLER":
                continue
            data, mode = archive.read(member), (member.external_attr >> 16) & 0o777 or 0o644
            if member.filename == f"{info}/RECORD":
                data += f"{info}/INSTALLER,,\n".encode()
            if member.filename == f"{info}/entry_points.txt":
                entry_points = _console_scripts(data.decode())
            files.append(PackageFile(path=f"{site_packages}/{member.filename}", data=data, mode=mode))
    files.append(text_file(f"{site_packages}/{info}/INSTALLER", "conda\n"))
    made = MadePackage(name=name.replace("_", "-").lower(), version=version, build="pyh0_0", files=tuple(files))
    if is_pure or interpreter is None:
        return replace(made, noarch="python", depends=("python >=3.8",), entry_points=entry_points)
    return replace(
        made,
        build=f"{_tag(interpreter)}h0_0",
        subdir=subdir,
        depends=(_exactly_this_minor(interpreter),),
        files=(*files, *map(_script, entry_points)),
    )


def download_wheel(requirement: str, folder: Path) -> Path:
    """The wheel of a requirement for the running minor, from the package index that its pip is configured for.

    What it depends on stays away. An interpreter of a distribution may have no pip; an environment made from it has.
    """
    folder.mkdir(parents=True)
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--dest", os.fspath(folder)]
    subprocess.run([sys.executable, "-m", "pip", "download", *options, requirement], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _script(entry_point: str) -> PackageFile:
    """What conda-build writes for an entry point of a package that is not noarch."""
    command, reference = (part.strip() for part in entry_point.split("=", 1))
    module, _, function = reference.partition(":")
    body = f"import sys\nfrom {module} import {function}\nsys.exit({function}())\n"
    return program(f"bin/{command}", f"#!{PLACEHOLDER}/bin/python\n{body}")


def _tag(interpreter: Interpreter) -> str:
    return "py" + interpreter.minor.replace(".", "")


def _exactly_this_minor(interpreter: Interpreter) -> str:
    following = f"3.{int(interpreter.minor.partition('.')[2]) + 1}"
    return f"python >={interpreter.minor},<{following}.0a0"


def _console_scripts(text: str) -> tuple[str, ...]:
    parser = ConfigParser(delimiters=("=",), strict=False)
    parser.read_string(text)
    section = parser["console_scripts"] if parser.has_section("console_scripts") else {}
    return tuple(f"{command} = {reference}" for command, reference in section.items())


def extension_package(interpreter: Interpreter, *, subdir: str) -> MadePackage:
    """A package `ext` that is built for one minor, as compiled ones are, with a script that names its python."""
    minor = interpreter.minor
    return MadePackage(
        name="ext",
        version="1.0",
        build=f"{_tag(interpreter)}h0_0",
        subdir=subdir,
        depends=(_exactly_this_minor(interpreter),),
        files=(
            text_file(f"lib/python{minor}/site-packages/ext.py", f"BUILT_FOR = {minor!r}\n"),
            program("bin/ext-cmd", f"#!{PLACEHOLDER}/bin/python\nimport ext\nprint(ext.BUILT_FOR)\n"),
        ),
    )
