"""The environment in use, examined: its directory, its python, the interpreter below it, and its packages' list."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyve.backends import backend_named
from pyve.environments.current import Current, stat_signature
from pyve.environments.distributions import installed_by_hand, missing_distributions
from pyve.environments.record import EnvironmentRecord
from pyve.project.some_names import show_some
from pyve.system.process import run_captured
from pyve.verbs.add_command import write_add_command
from pyve.verbs.checks.findings import Fact, Finding, Part, found

REBUILD = "pyve sync --force  # builds a new one; this one stays for pyve rollback"
_PYTHON_SECONDS = 20
_PASSED_ON = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PATH")


def scripts_of(record: EnvironmentRecord) -> Path:
    """The folder of the environment's programs."""
    return Path(record.directory) / ("Scripts" if sys.platform == "win32" else "bin")


def python_of(record: EnvironmentRecord) -> Path:
    """The environment's python; conda puts it beside the folder of programs on Windows."""
    if sys.platform == "win32":
        return Path(record.directory) / "python.exe" if record.conda else scripts_of(record) / "python.exe"
    return scripts_of(record) / "python"


def examine_directory(record: EnvironmentRecord) -> Iterator[Finding]:
    """Whether it is there at all."""
    if not Path(record.directory).is_dir():
        message = f"{record.directory}, the environment in use, is gone."
        yield found("environment-gone", message, hint="pyve sync")


def examine_python(
    record: EnvironmentRecord, environment: Mapping[str, str], *, timeout_seconds: float = _PYTHON_SECONDS
) -> Iterator[Finding]:
    """Whether the environment's python runs and is of the version it was; nothing else of it is started.

    A conda environment may have none, and has no other one below it.
    """
    if not record.python_version:
        return
    python, base = python_of(record), Path(record.python_executable)
    if not record.conda and not base.exists():
        message = f"The interpreter that the environment was made from is gone: {base}."
        yield found("interpreter-gone", message, hint="pyve sync")
    if not python.exists():
        how = f"leads to {os.readlink(python)}, which is not there" if python.is_symlink() else "is gone"
        yield found("python-gone", f"{python} {how}.", hint="pyve sync")
        return
    version, failure = _ask_version(python, environment, timeout_seconds)
    if version is None:
        yield found("python-broken", f"{python} does not run: {failure}.", hint="pyve sync")
    elif not record.python_version.startswith(version + "."):
        message = f"{python} is Python {version} now; the environment was built for {record.python_version}."
        yield found("python-changed", message, hint="pyve sync")


def examine_configuration(record: EnvironmentRecord, current: Current) -> Iterator[Finding]:
    """Whether pyvenv.cfg is the file that was there when the environment was put in use; a conda prefix has none."""
    if record.conda:
        return
    file = Path(record.directory) / "pyvenv.cfg"
    if not file.is_file():
        yield found("pyvenv-cfg-changed", f"{file} is gone.", hint=REBUILD)
        return
    for sentinel in current.every("sentinel"):
        signature, _, path = sentinel.partition(" ")
        if path == str(file) and signature != stat_signature(path):
            yield found("pyvenv-cfg-changed", f"{file} was written by another tool.", hint=REBUILD)


def examine_packages_list(record: EnvironmentRecord) -> Iterator[Finding | Fact]:
    """Whether the packages are those that were installed, and which came by hand."""
    present = backend_named(record.backend).installed(record)
    yield Fact(part=Part.ENVIRONMENT, name="packages", value=str(len(present)))
    missing = missing_distributions(record.distributions, present, seeds=record.seeds)
    if missing:
        message = f"Packages of {record.directory} were changed by another tool: {show_some(missing)}."
        yield found("distributions-changed", message, hint="pyve sync  # builds a new environment")
    by_hand = installed_by_hand(record.distributions, present, kept=record.kept)
    if by_hand:
        declare = write_add_command(by_hand, backend=record.backend)
        message = f"Installed by hand: {show_some((f'{name} {version}' for name, version in by_hand.items()), most=9)}."
        yield found(
            "packages-by-hand", message, hint=f"{declare}  # or, to take them along undeclared: pyve sync --keep-extras"
        )


def _ask_version(python: Path, environment: Mapping[str, str], timeout_seconds: float) -> tuple[str | None, str]:
    """`3.12` as the python says it, or None and why it says nothing."""
    code = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
    try:
        finished = run_captured(
            [python, "-I", "-S", "-c", code],
            environment={name: environment[name] for name in _PASSED_ON if name in environment},
            timeout_seconds=timeout_seconds,
        )
    except (OSError, TimeoutError) as error:
        return None, str(error)
    if finished.exit_status != 0:
        said = (finished.stderr.strip().splitlines() or [""])[-1]
        return None, f"exit status {finished.exit_status}" + (f" ({said})" if said else "")
    return finished.stdout.strip(), ""
