"""The words that start this pyve again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pyve
from pyve.system.own_command import find_own_command


@pytest.fixture
def script(tmp_path: Path) -> Path:
    script = tmp_path / ("pyve.exe" if sys.platform == "win32" else "pyve")
    script.touch(mode=0o755)
    return script


def test_a_script_is_named_as_it_was_started(script: Path) -> None:
    assert find_own_command(os.fspath(script)) == (os.fspath(script),)


@pytest.mark.posix("links")
def test_a_link_to_the_script_is_not_followed(script: Path, tmp_path: Path) -> None:
    link = tmp_path / "bin" / "pyve"
    link.parent.mkdir()
    link.symlink_to(script)
    assert find_own_command(os.fspath(link)) == (os.fspath(link),)


def test_a_script_named_from_here_gets_its_whole_path(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(script.parent)
    assert find_own_command(os.path.join(".", script.name)) == (os.fspath(script),)


@pytest.mark.parametrize("started", ["pyve", "-c", "/lib/pyve/__main__.py", "/nowhere/pyve"])
def test_without_a_script_it_is_the_interpreter(started: str, script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(script.parent)
    assert find_own_command(started, executable="/usr/bin/python3", isolated=True)[:3] == (
        "/usr/bin/python3",
        "-I",
        "-c",
    )


def test_the_interpreter_takes_no_module_from_the_working_directory(tmp_path: Path) -> None:
    for name in ("pyve", "os", "re"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken from here')\n")
    finished = subprocess.run(
        [*find_own_command("-c", isolated=False), "--version"], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert (finished.stdout, finished.stderr) == (f"pyve {pyve.__version__}\n", "")
