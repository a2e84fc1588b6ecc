import os
import subprocess
import sys

import pytest

from pyve.errors import HomeUnknownError
from pyve.system.directories import home_directory


@pytest.mark.skipif(sys.platform == "win32", reason="the user database is POSIX's")
def test_home_of_the_user_database_is_taken_without_the_variable() -> None:
    import pwd

    assert home_directory({}) in (pwd.getpwuid(os.getuid()).pw_dir, os.environ.get("HOME"))


def test_a_relative_home_is_no_home() -> None:
    name = "USERPROFILE" if sys.platform == "win32" else "HOME"
    with pytest.raises(HomeUnknownError):
        home_directory({name: "somewhere"})


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become a user nobody knows")
def test_a_user_without_an_entry_is_told_to_set_the_variable() -> None:
    script = (
        "import os; os.environ.pop('HOME', None)\n"
        "from pyve.errors import HomeUnknownError\n"
        "from pyve.system.directories import state_directory\n"
        "os.setuid(54321)\n"
        "try: state_directory(os.environ)\n"
        "except HomeUnknownError as error: print(error.code, error.hint)\n"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert finished.stdout.startswith("home-unknown export HOME=")
