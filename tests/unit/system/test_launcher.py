import subprocess
import sys
from pathlib import Path

import pytest

from pyve import __version__
from pyve.system.launcher import render_launcher

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script with a first line is POSIX")


@pytest.mark.parametrize(
    "name",
    [
        "plain",
        "with a space",
        "it's",
        'a "quote"',
        "$(touch pwned)",
        "`touch pwned`",
        "a\\backslash\\x",
        "é🙂",
        "x" * 200,
    ],
)
def test_launcher_runs_from_any_path_and_executes_nothing_of_it(tmp_path: Path, name: str) -> None:
    directory = tmp_path / name
    directory.mkdir()
    environment = directory / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    packages = next((environment / "lib").glob("python*")) / "site-packages"
    (packages / "checkout.pth").write_text(f"{Path(__file__).resolve().parents[3] / 'src'}\n", encoding="utf-8")
    launcher = directory / "pyve"
    launcher.write_text(render_launcher(environment / "bin" / "python"), encoding="utf-8")
    launcher.chmod(0o755)
    finished = subprocess.run([launcher, "--version"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert finished.stdout == f"pyve {__version__}\n", finished.stderr
    assert not (tmp_path / "pwned").exists()


def test_a_plain_path_needs_no_shell() -> None:
    assert render_launcher(Path("/opt/pyve/bin/python")).startswith("#!/opt/pyve/bin/python -I\n")


def test_a_first_line_the_kernel_would_cut_goes_through_the_shell() -> None:
    assert render_launcher(Path("/" + "x" * 130)).startswith("#!/bin/sh\n")
