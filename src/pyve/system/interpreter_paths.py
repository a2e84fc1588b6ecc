"""Where Python interpreters can be on this machine. Nothing is executed here."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_POSIX_NAME = re.compile(r"(?:python|python3|python3\.\d+t?|pypy3?|pypy3\.\d+)")
_WINDOWS_NAME = re.compile(r"(?:python|python3|python3\.\d+t?|pypy3?|pypy3\.\d+)\.exe", re.IGNORECASE)
_COMMAND_LINE_TOOLS = "/Library/Developer/CommandLineTools/usr/bin"


@dataclass(frozen=True, kw_only=True)
class CandidatePath:
    """An executable that may be an interpreter: `real` is the file behind all links, `identity` changes with it."""

    path: Path
    real: str
    identity: str
    source: str


def candidate_paths(*, environment: Mapping[str, str], home: Path | None, platform: str) -> Iterator[CandidatePath]:
    """Every file that may be an interpreter, each real file once: PATH, then pyenv, asdf, mise, uv, the registry.

    Left out unseen: shims, the Windows Store's aliases, what lies inside virtual environments or conda environments
    (of a virtual environment on PATH its base is looked at instead), relative entries of PATH.
    """
    seen: set[str] = set()
    windows = platform == "win32"
    for directory, source in _directories(environment, home, platform):
        for name in _python_names(directory, windows=windows):
            candidate = _candidate(os.path.join(directory, name), source)
            if candidate is not None and candidate.real not in seen:
                seen.add(candidate.real)
                yield candidate


def _directories(environment: Mapping[str, str], home: Path | None, platform: str) -> Iterator[tuple[str, str]]:
    windows = platform == "win32"
    done: set[str] = set()
    pending = [(entry, "PATH") for entry in _path_entries(environment, platform)]
    pending += _installed_directories(environment, home, windows=windows)
    if windows:
        from pyve.system.registered_pythons import registered_directories

        pending += [(directory, "registry") for directory in registered_directories()]
    while pending:
        directory, source = pending.pop(0)
        if directory in done:
            continue
        done.add(directory)
        if _is_shim_directory(directory) or _is_conda_environment(directory):
            continue
        base = _base_of_virtual_environment(directory)
        if base is None:
            yield directory, source
        elif base and Path(base).is_absolute():
            pending.append((base, source))


def _path_entries(environment: Mapping[str, str], platform: str) -> list[str]:
    entries = environment.get("PATH", "").split(";" if platform == "win32" else ":")
    absolute = [entry.strip('"') for entry in entries if Path(entry.strip('"')).is_absolute()]
    if platform == "darwin":  # /usr/bin/python3 is a stub that opens a dialogue when the tools behind it are missing
        return [_COMMAND_LINE_TOOLS if entry == "/usr/bin" else entry for entry in absolute]
    return absolute


def _installed_directories(
    environment: Mapping[str, str], home: Path | None, *, windows: bool
) -> Iterator[tuple[str, str]]:
    """The directory of executables of every version that a version manager has installed."""
    for root, source in _version_roots(environment, home, windows=windows):
        try:
            names = sorted(os.listdir(root))
        except OSError:
            continue
        for name in names:
            if not name.startswith("."):
                yield str(root / name if windows else root / name / "bin"), source


def _version_roots(environment: Mapping[str, str], home: Path | None, *, windows: bool) -> Iterator[tuple[Path, str]]:
    def given(variable: str, *default: str, of: Path | None = home) -> Path | None:
        value = environment.get(variable)
        return Path(value) if value else of.joinpath(*default) if of else None

    data = given("XDG_DATA_HOME", ".local", "share")
    local = given("LOCALAPPDATA", "AppData", "Local")
    roaming = given("APPDATA", "AppData", "Roaming")
    pyenv = given("PYENV_ROOT", ".pyenv")
    mise = given("MISE_DATA_DIR", "mise", of=local if windows else data)
    uv = given("UV_PYTHON_INSTALL_DIR", "uv", "data", "python", of=roaming)
    if not windows:
        uv = given("UV_PYTHON_INSTALL_DIR", "uv", "python", of=data)
    asdf = given("ASDF_DATA_DIR", ".asdf")
    found: list[tuple[Path | None, str]] = [
        (pyenv and pyenv / "versions", "pyenv"),
        (asdf and asdf / "installs" / "python", "asdf"),
        (mise and mise / "installs" / "python", "mise"),
        (uv, "uv"),
    ]
    if windows:
        pyenv_win = given("PYENV", ".pyenv", "pyenv-win")
        found += [(pyenv_win and pyenv_win / "versions", "pyenv"), (local and local / "Python", "registry")]
    for root, source in found:
        if root is not None and root.is_absolute():
            yield root, source


def _is_shim_directory(directory: str) -> bool:
    return Path(directory).name.lower() == "shims"


def _is_conda_environment(directory: str) -> bool:
    """A conda environment is some project's; the base installation (it alone has condabin) is a Python like any."""
    for prefix in (Path(directory).parent, Path(directory)):
        if (prefix / "conda-meta").is_dir():
            return not (prefix / "condabin").is_dir()
    return False


def _base_of_virtual_environment(directory: str) -> str | None:
    """Where the base interpreter lies ("": not said); None when `directory` is in no virtual environment (PEP 405)."""
    for prefix in (Path(directory).parent, Path(directory)):
        try:
            lines = (prefix / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        for line in lines:
            key, _, value = line.partition("=")
            if key.strip().lower() == "home":
                return value.strip()
        return ""
    return None


def _python_names(directory: str, *, windows: bool) -> list[str]:
    """Names of interpreters, the most telling first: python3.12 outlives an upgrade that moves python3."""
    try:
        names = os.listdir(directory)
    except OSError:
        return []
    pattern = _WINDOWS_NAME if windows else _POSIX_NAME
    found = [name for name in names if name[:2].lower() == "py" and pattern.fullmatch(name)]
    return sorted(found, key=lambda name: (-len(name), name))


def _candidate(path: str, source: str) -> CandidatePath | None:
    try:
        real = os.path.realpath(path)
        status = os.stat(real)
    except OSError:
        return None
    # The Windows Store's aliases are empty files that open the Store.
    usable = stat.S_ISREG(status.st_mode) and status.st_size > 0 and os.access(real, os.X_OK)
    if not usable or _is_shim_directory(os.path.dirname(real)):
        return None
    identity = f"{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_size}-{status.st_ino}"
    return CandidatePath(path=Path(path), real=real, identity=identity, source=source)
