"""The test suite's own promise: no test reaches the real home, and one that does fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parent.parent / "conftest.py"


def test_home_is_empty_and_belongs_to_this_test(home: Path) -> None:
    assert Path.home() == home
    assert list(home.iterdir()) == []


def test_settings_of_the_person_do_not_reach_a_test() -> None:
    leaking = [name for name in os.environ if name.startswith(("PYVE_", "CONDA_", "VIRTUAL_ENV", "XDG_"))]
    assert [name for name in leaking if sys.platform != "win32"] == []


@pytest.mark.parametrize("place", [".local/bin/pyve", ".local/state/pyve/projects/x", ".config/pyve/config.toml"])
def test_a_test_that_writes_into_the_real_home_fails(tmp_path: Path, place: str) -> None:
    real_home = tmp_path / "real home"
    real_home.mkdir()
    suite = tmp_path / "suite"
    suite.mkdir()
    (suite / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (suite / "test_leak.py").write_text(
        f"import os\nfrom pathlib import Path\n\n\ndef test_leak():\n"
        f"    leak = Path({os.fspath(real_home / place)!r})\n"
        f"    leak.parent.mkdir(parents=True)\n    leak.touch()\n",
        encoding="utf-8",
    )
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_leak.py"],
        cwd=suite,
        env={**os.environ, "HOME": os.fspath(real_home), "USERPROFILE": os.fspath(real_home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1, finished.stdout
    assert "the real home was written to" in finished.stdout
