"""Files that are shipped beside the Python of pyve."""

import pytest

from pyve.errors import InstallationDamagedError
from pyve.system.bundled_files import find_bundled_file, read_bundled_file


def test_shipped_file_is_found() -> None:
    assert b"__pyve_prompt" in read_bundled_file("shell", "bash", "hook.bash")


def test_missing_one_is_said_to_be_missing() -> None:
    with pytest.raises(InstallationDamagedError, match="is missing from the installation") as raised:
        find_bundled_file("shell", "tcsh", "hook.tcsh")
    assert raised.value.code == "installation-damaged"
