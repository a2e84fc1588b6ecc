"""pip, uv tool and pipx each install the wheel, and `self uninstall` names the command that takes it out again."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pyve import __version__

pytestmark = [pytest.mark.needs_index, pytest.mark.slow]
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"
SUFFIX = ".exe" if sys.platform == "win32" else ""


def run(
    command: Sequence[str | Path], *, env: Mapping[str, str | Path] | None = None, check: bool = True
) -> "subprocess.CompletedProcess[str]":
    finished = subprocess.run(
        [os.fspath(word) for word in command],
        env={**os.environ, **{name: os.fspath(value) for name, value in (env or {}).items()}},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert not check or finished.returncode == 0, finished.stdout + finished.stderr
    return finished


def assert_works(pyve: Path, *, uninstalled_by: str) -> None:
    """The command runs, and refuses to uninstall what another tool installed, naming that tool's command."""
    assert run([pyve, "--version"]).stdout == f"pyve {__version__}\n"
    assert "init" in run([pyve, "--help"]).stdout
    refused = run([pyve, "self", "uninstall"], check=False)
    assert refused.returncode == 7
    assert uninstalled_by in refused.stderr
    assert pyve.exists()


def make_venv(directory: Path) -> Path:
    """A virtual environment with pip; returns its directory of programs."""
    run([sys.executable, "-m", "venv", directory])
    return directory / SCRIPTS


def test_pip_install_in_a_virtual_environment(wheel: Path, tmp_path: Path) -> None:
    programs = make_venv(tmp_path / "with a space")
    python = programs / f"python{SUFFIX}"
    run([python, "-m", "pip", "install", "--quiet", wheel])
    command = f"{shlex.quote(str(python))} -m pip uninstall pyve-env"
    assert_works(programs / f"pyve{SUFFIX}", uninstalled_by=command)


def test_uv_tool_install(wheel: Path, tmp_path: Path, uv: str) -> None:
    env = {"UV_TOOL_DIR": tmp_path / "tools", "UV_TOOL_BIN_DIR": tmp_path / "bin"}
    run([uv, "tool", "install", "--quiet", "--python", sys.executable, wheel], env=env)
    pyve = tmp_path / "bin" / f"pyve{SUFFIX}"
    assert_works(pyve, uninstalled_by="uv tool uninstall pyve-env")
    run([uv, "tool", "uninstall", "pyve-env"], env=env)
    assert not pyve.exists()


def test_pipx_install(wheel: Path, tmp_path: Path) -> None:
    programs = make_venv(tmp_path / "pipx's own")
    run([programs / f"python{SUFFIX}", "-m", "pip", "install", "--quiet", "pipx"])
    env = {
        "PIPX_HOME": tmp_path / "pipx",
        "PIPX_BIN_DIR": tmp_path / "bin",
        "PIPX_MAN_DIR": tmp_path / "man",
        "PIPX_DEFAULT_PYTHON": Path(sys.executable),
    }
    pipx = programs / f"pipx{SUFFIX}"
    run([pipx, "install", wheel], env=env)
    pyve = tmp_path / "bin" / f"pyve{SUFFIX}"
    assert_works(pyve, uninstalled_by="pipx uninstall pyve-env")
    run([pipx, "uninstall", "pyve-env"], env=env)
    assert not pyve.exists()
