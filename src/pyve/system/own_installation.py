"""How this very pyve came onto the machine, and what its installer left to be taken out again.

install.sh makes a private environment, `<user data>/pyve/app/<checksum>-<number>`, and puts MARKER into it last of
all. Beside it lies the install ledger: what `self install` and install.sh made, and so all that `self uninstall`
may take out.
"""

import json
import os
import shlex
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Literal

from pyve.errors import StateDamagedError, StateTooNewError
from pyve.system.files import write_atomically

FORMAT = 1
DISTRIBUTION = "pyve-env"
MARKER = "made-by-pyve-install"
LEDGER_NAME = "install.json"
MADE_DIRECTORIES_NAME = "made-directories"  # install.sh lists here, one a line, the directories that it had to make

Installer = Literal["install.sh", "pipx", "uv tool", "uv pip", "pip", "none"]


@dataclass(frozen=True, kw_only=True)
class OwnInstallation:
    """Who installed the pyve that lives in `prefix`, and the command that uninstalls it."""

    installer: Installer
    prefix: Path
    uninstall_command: str


@dataclass(frozen=True, kw_only=True)
class InstallLedger:
    """What the installation made: a link, private environments, links to completion files, and directories.

    Directories are removed only when they are empty.
    """

    link: Path
    environments: tuple[Path, ...]
    directories: tuple[Path, ...] = ()
    completions: tuple[Path, ...] = ()


def describe_own_installation(prefix: Path) -> OwnInstallation:
    """Look at the environment `prefix`, which holds this pyve, for the traces that each installer leaves."""
    if (prefix / MARKER).is_file():
        return OwnInstallation(installer="install.sh", prefix=prefix, uninstall_command="pyve self uninstall")
    if (prefix / "pipx_metadata.json").is_file():
        return OwnInstallation(installer="pipx", prefix=prefix, uninstall_command=f"pipx uninstall {DISTRIBUTION}")
    if (prefix / "uv-receipt.toml").is_file():
        command = f"uv tool uninstall {DISTRIBUTION}"
        return OwnInstallation(installer="uv tool", prefix=prefix, uninstall_command=command)
    try:
        by = (distribution(DISTRIBUTION).read_text("INSTALLER") or "").strip()
    except PackageNotFoundError:
        return OwnInstallation(installer="none", prefix=prefix, uninstall_command="")
    python = shlex.quote(sys.executable)
    if by == "uv":
        command = f"uv pip uninstall --python {python} {DISTRIBUTION}"
        return OwnInstallation(installer="uv pip", prefix=prefix, uninstall_command=command)
    command = f"{python} -m pip uninstall {DISTRIBUTION}"
    return OwnInstallation(installer="pip", prefix=prefix, uninstall_command=command)


def read_install_ledger(folder: Path) -> InstallLedger | None:
    """The ledger in the folder that holds the private environments, None when there is none.

    Raises StateTooNewError and StateDamagedError.
    """
    file = folder / LEDGER_NAME
    try:
        document = json.loads(file.read_bytes())
        if document["format"] > FORMAT:
            raise StateTooNewError(f"{file} was written by a newer pyve.", hint="upgrade pyve with its install.sh")
        return InstallLedger(
            link=Path(document["link"]),
            environments=tuple(Path(text) for text in document["environments"]),
            directories=tuple(Path(text) for text in document["directories"]),
            completions=tuple(Path(text) for text in document.get("completions", ())),
        )
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise StateDamagedError(
            f"{file} cannot be understood.", hint="run install.sh again, it writes it anew"
        ) from error


def write_install_ledger(folder: Path, ledger: InstallLedger) -> None:
    """Replace the ledger in `folder` in one step."""
    document = {
        "format": FORMAT,
        "link": os.fspath(ledger.link),
        "environments": [os.fspath(path) for path in ledger.environments],
        "directories": [os.fspath(path) for path in ledger.directories],
        "completions": [os.fspath(path) for path in ledger.completions],
    }
    write_atomically(folder / LEDGER_NAME, (json.dumps(document, indent=2) + "\n").encode())
