"""Making empty environments."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyve.engines.virtualenv import VirtualenvRequest, create_virtual_environment
from pyve.errors import PathNotWritableError


@pytest.fixture
def closed_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder into which nobody can write, not even the system's administrator where that can be had."""
    folder = tmp_path / "envs"
    folder.mkdir()
    folder.chmod(0o555)
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and subprocess.run(["chattr", "+i", folder], check=False, capture_output=True).returncode != 0:
        pytest.skip("root may write everywhere")
    yield folder
    if is_root:
        subprocess.run(["chattr", "-i", folder], check=True)
    folder.chmod(0o755)


@pytest.mark.posix("modes of directories")
def test_folder_that_cannot_be_written_is_told_as_what_it_is(
    closed_folder: Path, tmp_path: Path, environment: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    request = VirtualenvRequest(
        directory=closed_folder / "new", interpreter=Path(sys.executable), prompt="x", app_data=tmp_path / "data"
    )
    with pytest.raises(PathNotWritableError, match="envs cannot be used"):
        create_virtual_environment(request, environment)
    assert capfd.readouterr().err == ""
