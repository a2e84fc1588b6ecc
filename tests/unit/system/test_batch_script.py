"""What cmd.exe is handed for a .bat or .cmd script is the arguments and nothing that it would act on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyve.errors import CommandNotExecutableError
from pyve.system.batch_script import is_batch_script, render_batch_command
from pyve.system.process import run_in_foreground

ENVIRONMENT = {"SYSTEMROOT": "C:\\Windows"}
HOSTILE = [
    *("", "plain", "two words", "a&b", "a|b", "<a>", "^caret", "!bang!", "100%", "%PATH%", "(x)", "a,b;c=d"),
    *('say "hi"', "end\\", 'end\\"', "back\\slash", "日本"),
]


def arguments_of(line: str) -> str:
    """What stands behind the script's name."""
    return line.split('tool.cmd"', 1)[1].removesuffix('"').strip()


def test_scripts_of_cmd_are_known_by_their_ending() -> None:
    assert [is_batch_script(name) for name in ("a.bat", "A.CMD", "a.exe", "cmd")] == [True, True, False, False]


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        ("plain-1.0", "plain-1.0"),
        ("", '""'),
        ("a&b", '"a&b"'),
        ("%PATH%", '"%%cd:~,%PATH%%cd:~,%"'),
        ('say "hi"', '"say ""hi"""'),
        ("end\\", '"end\\\\"'),
    ],
)
def test_argument_is_quoted_for_cmd(argument: str, written: str) -> None:
    assert arguments_of(render_batch_command("C:\\a b\\tool.cmd", [argument], ENVIRONMENT)) == written


@pytest.mark.parametrize("argument", ["two\nlines", "two\rlines", "nul\0"])
def test_argument_that_cmd_cannot_take_is_refused(argument: str) -> None:
    with pytest.raises(CommandNotExecutableError):
        render_batch_command("tool.cmd", [argument], ENVIRONMENT)


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has cmd.exe")
@pytest.mark.parametrize("argument", HOSTILE)
def test_script_gets_the_argument_as_it_was(argument: str, tmp_path: Path) -> None:
    script, told = tmp_path / "tool.cmd", tmp_path / "told"
    code = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2], encoding='utf-8')"
    (tmp_path / "tell.py").write_text(code, encoding="utf-8")
    script.write_text(f'@"{sys.executable}" "{tmp_path / "tell.py"}" "{told}" %*\n', encoding="utf-8")

    assert run_in_foreground(render_batch_command(str(script), [argument], os.environ), environment=os.environ) == 0
    assert told.read_text(encoding="utf-8") == argument


@pytest.mark.skipif(sys.platform != "win32", reason="the statuses of Windows")
def test_status_of_a_crash_comes_through(tmp_path: Path) -> None:
    code = "import sys; from pyve.system.process import run_in_foreground as run; import os; "
    code += "sys.exit(run([sys.executable, '-c', 'import os; os._exit(-1073741510)'], environment=os.environ))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0xC000013A
