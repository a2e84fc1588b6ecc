"""Programs that are found by their name."""

import os
import sys
from pathlib import Path

import pytest

from pyve.system.programs import find_program

ENDING = ".exe" if sys.platform == "win32" else ""


def put(folder: Path, name: str = f"tool{ENDING}") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_bytes(b"")
    program.chmod(0o755)
    return program


def search(*directories: str | Path) -> dict[str, str]:
    return {"PATH": os.pathsep.join(str(directory) for directory in directories)}


def test_the_first_directory_that_has_it_counts(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    found = put(tmp_path / "two")
    put(tmp_path / "three")

    assert find_program("tool", search(tmp_path / "one", tmp_path / "two", tmp_path / "three")) == found


def test_what_the_working_directory_has_is_never_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path)
    put(tmp_path / "bin")
    monkeypatch.chdir(tmp_path)

    assert find_program("tool", search("", ".", "bin")) is None
    assert find_program("tool", {}) is None


@pytest.mark.posix("modes")
def test_what_cannot_be_executed_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path / "one").chmod(0o644)
    (tmp_path / "two" / "tool").mkdir(parents=True)
    found = put(tmp_path / "three")

    assert find_program("tool", search(tmp_path / "one", tmp_path / "two", tmp_path / "three")) == found


def test_windows_tries_its_endings_in_their_order(tmp_path: Path) -> None:
    put(tmp_path, "tool.bat")
    program = put(tmp_path, "tool.exe")

    found = find_program("tool", search(tmp_path), windows=True)
    assert found == program

    batch = find_program("tool", search(tmp_path) | {"PATHEXT": ".BAT;.EXE"}, windows=True)
    assert batch == tmp_path / "tool.bat"
