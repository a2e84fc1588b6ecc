"""virtualenv, which makes an empty virtual environment from an interpreter."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.errors import BuildFailedError
from pyve.system.files import as_told_error


@dataclass(frozen=True, kw_only=True)
class EmptyEnvironment:
    """A virtual environment without packages: its interpreter, its script folder and its site-packages."""

    python: Path
    scripts: Path
    site_packages: Path


@dataclass(frozen=True, kw_only=True)
class VirtualenvRequest:
    """`directory` is absent; `interpreter` is the executable to build from; `prompt` is what shells may show."""

    directory: Path
    interpreter: Path
    prompt: str
    app_data: Path
    system_site_packages: bool = False


def create_virtual_environment(request: VirtualenvRequest, environment: Mapping[str, str]) -> EmptyEnvironment:
    """Make the environment, without pip (its packages come with all others, in one resolution).

    Raises BuildFailedError, or the error of a full or read-only disk. The user's own virtualenv settings
    (VIRTUALENV_* and virtualenv.ini) do not count: they would change what is built without changing the fingerprint.
    """
    import shlex

    from virtualenv import session_via_cli

    arguments = [
        "--no-seed",
        "--no-periodic-update",
        "--python",
        str(request.interpreter),
        f"--prompt={request.prompt}",  # it may begin with a dash
        "--app-data",
        str(request.app_data),
    ]
    if request.system_site_packages:
        arguments.append("--system-site-packages")
    sealed = {name: value for name, value in environment.items() if not name.startswith("VIRTUALENV_")}
    sealed["VIRTUALENV_CONFIG_FILE"] = str(request.app_data / "no-such-file.ini")
    _require_writable(request.directory.parent)
    try:
        session = session_via_cli([*arguments, "--", str(request.directory)], setup_logging=False, env=sealed)
        session.run()
    except OSError as error:
        told = as_told_error(error, request.directory)
        if told is not None:
            raise told from error
        raise BuildFailedError(f"virtualenv could not make {request.directory}: {error}.") from error
    except (RuntimeError, ValueError, SystemExit) as error:
        raise BuildFailedError(
            f"virtualenv could not make an environment from {request.interpreter}: {error}.",
            hint=f"{shlex.quote(str(request.interpreter))} -m venv /tmp/try  # does the interpreter itself work?",
        ) from error
    creator = session.creator
    return EmptyEnvironment(
        python=Path(creator.exe), scripts=Path(creator.script_dir), site_packages=Path(creator.purelib)
    )


def _require_writable(folder: Path) -> None:
    """Raise what the system says about writing into `folder`: virtualenv answers with its whole usage text."""
    try:
        with tempfile.TemporaryDirectory(prefix=".try-", dir=folder):
            pass
    except OSError as error:
        told = as_told_error(OSError(error.errno, error.strerror, str(folder)), folder)
        if told is not None:
            raise told from error
        raise BuildFailedError(f"No environment can be made in {folder}: {error}.") from error
