import subprocess
import sys
import threading

import pytest

from pyve.engines.conda.micromamba.end_with_parent import let_end_with_parent

pytestmark = pytest.mark.linux("prctl(2)")


def test_program_runs_with_its_own_arguments() -> None:
    command = let_end_with_parent(["/bin/sh", "-c", 'echo "$0 $1"; exit 7', "a b", "$c"])

    ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)

    assert (ran.stdout, ran.stderr, ran.returncode) == ("a b $c\n", "", 7)


def test_program_is_killed_when_its_parent_is() -> None:
    parent = (
        "import subprocess, sys, os, signal\n"
        "from pyve.engines.conda.micromamba.end_with_parent import let_end_with_parent\n"
        "subprocess.Popen(let_end_with_parent(['/bin/sh', '-c', 'echo started; exec sleep 600']))\n"
        "signal.pause()\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"

        process.kill()

        assert process.stdout.read() == b""  # ends only when the program, which holds the pipe, has ended


def test_program_whose_parent_is_another_one_does_not_start() -> None:
    command = let_end_with_parent(["/bin/echo", "started"])
    command[6] = "1"

    ran = subprocess.run(command, capture_output=True, timeout=60, check=False)

    assert (ran.stdout, ran.returncode) == (b"", 3)


def test_thread_that_may_end_earlier_is_nobodys_parent() -> None:
    found: list[list[str]] = []
    thread = threading.Thread(target=lambda: found.append(let_end_with_parent(["/bin/echo", "started"])))
    thread.start()
    thread.join()

    assert found == [["/bin/echo", "started"]]
