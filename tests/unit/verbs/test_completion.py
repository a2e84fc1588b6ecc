"""`pyve completion` prints the shipped file of a shell, to the byte."""

import subprocess
import sys
from pathlib import Path

import pytest

from pyve.activation.completion.files import COMPLETION_FILES, read_completion_file
from pyve.errors import UsageError
from pyve.system.shell_detection import DetectedShell
from pyve.verbs.completion import print_completion
from pyve.verbs.shell_choice import ShellChoice
from tests.conftest import RunPyve


@pytest.mark.parametrize("shell", COMPLETION_FILES)
def test_the_file_is_printed_to_the_byte(shell: str, project: Path) -> None:
    words = [sys.executable, "-m", "pyve", "completion", shell]
    finished = subprocess.run(words, cwd=project, capture_output=True, check=True)
    assert finished.stdout == read_completion_file(shell)
    assert finished.stderr == b""


def test_json_says_where_the_file_lies_and_what_it_holds(run_pyve: RunPyve) -> None:
    data = run_pyve("completion", "fish", "--json").json["data"]
    assert data["shell"] == "fish"
    assert Path(data["path"]).read_text("utf-8") == data["text"] == read_completion_file("fish").decode("utf-8")


def test_without_a_name_it_is_for_the_shell_that_started_pyve() -> None:
    detected = DetectedShell(name="zsh", path="/bin/zsh")
    assert print_completion(ShellChoice(detected=detected)).data.shell == "zsh"
    assert print_completion(ShellChoice(named="/usr/bin/fish", detected=detected)).data.shell == "fish"


@pytest.mark.parametrize(
    ("request_", "hint"),
    [
        (ShellChoice(), "pyve completion bash"),
        (ShellChoice(named="bsh"), "bash"),
        (ShellChoice(named="ksh"), "pyve run COMMAND, or pyve shell"),
        (ShellChoice(detected=DetectedShell(name="tcsh", path="/bin/tcsh")), "pyve completion bash"),
    ],
)
def test_where_there_is_none_it_says_what_to_type(request_: ShellChoice, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        print_completion(request_)
    assert hint in (raised.value.hint or "")
    assert "hook" not in raised.value.message
