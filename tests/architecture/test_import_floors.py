"""Imports run downhill: the contracts in pyproject.toml hold, and they catch what they are there to catch."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def lint_imports(checkout: Path) -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).with_name("lint-imports.exe" if sys.platform == "win32" else "lint-imports")
    return subprocess.run(
        [program, "--no-cache", "--config", checkout / "pyproject.toml"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": os.fspath(checkout / "src"), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_every_contract_is_kept() -> None:
    finished = lint_imports(CHECKOUT)
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize(
    ("module", "text"),
    [
        pytest.param("stray.py", '"""A module on no floor."""\n', id="a module on no floor"),
        pytest.param("system/uphill.py", "import pyve.verbs\n", id="an import that runs uphill"),
        pytest.param("verbs/starts.py", "import subprocess\n", id="a second module that starts processes"),
        pytest.param("verbs/shows.py", "import rich.text\n", id="a verb that knows the terminal"),
        pytest.param("project/models.py", "import pydantic\n", id="an import of pydantic"),
    ],
)
def test_contracts_catch(tmp_path: Path, module: str, text: str) -> None:
    shutil.copytree(CHECKOUT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    (tmp_path / "src" / "pyve" / module).write_text(text, encoding="utf-8")
    finished = lint_imports(tmp_path)
    assert finished.returncode == 1, finished.stdout + finished.stderr
