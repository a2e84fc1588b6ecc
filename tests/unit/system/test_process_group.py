"""Processes that end with all that they started."""

import os
import sys
import time
from pathlib import Path

import pytest

from pyve.system.process_group import run_group

pytestmark = pytest.mark.posix("process groups")

ORPHAN = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
print("said", file=sys.stderr, flush=True)
{end}
"""


def _run(tmp_path: Path, program: str, *, on_wait: "type[KeyboardInterrupt] | None" = None) -> int:
    def wait() -> None:
        if on_wait is not None and (tmp_path / "out").read_text(encoding="utf-8").strip():
            raise on_wait

    return run_group(
        [sys.executable, "-c", program],
        output=tmp_path / "out",
        errors=tmp_path / "err",
        environment=dict(os.environ),
        on_wait=wait,
    )


def _is_gone(tmp_path: Path) -> bool:
    pid = int((tmp_path / "out").read_text(encoding="utf-8"))
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").exists() and " Z " in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8"):
            return True
        time.sleep(0.1)
    return False


def test_exit_status_and_both_streams_come_back(tmp_path: Path) -> None:
    assert _run(tmp_path, "import sys; print('one'); print('two', file=sys.stderr); sys.exit(7)") == 7
    assert (tmp_path / "out").read_text(encoding="utf-8") == "one\n"
    assert (tmp_path / "err").read_text(encoding="utf-8") == "two\n"


def test_what_a_command_left_running_is_ended_with_it(tmp_path: Path) -> None:
    assert _run(tmp_path, ORPHAN.format(end="")) == 0
    assert _is_gone(tmp_path)


def test_interrupt_ends_the_command_and_what_it_started(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _run(tmp_path, ORPHAN.format(end="child.wait()"), on_wait=KeyboardInterrupt)
    assert _is_gone(tmp_path)
