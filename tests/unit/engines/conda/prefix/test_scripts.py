"""Scripts of a prefix whose path a shell would execute."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyve.engines.conda.prefix.scripts import make_scripts_safe

pytestmark = pytest.mark.posix("headers of scripts")

BODY = "import sys\nprint('ran', *sys.argv[1:])\n"
HOSTILE = ["$(touch witness)", "`touch witness`", 'a"b', "a\\b", "a\tb"]


def make_prefix(directory: Path) -> Path:
    (directory / "bin").mkdir(parents=True)
    (directory / "bin" / "python3.11").symlink_to(sys.executable)
    return directory


def write_script(prefix: Path, header: str) -> Path:
    script = prefix / "bin" / "command"
    script.write_text(header + BODY, encoding="utf-8")
    script.chmod(0o755)
    return script


def run(script: Path, directory: Path) -> str:
    finished = subprocess.run(
        [script, "a", "b c"], cwd=directory, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert finished.stderr == ""
    return finished.stdout


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", ["exec", "direct"])
def test_hostile_path_is_read_literally(tmp_path: Path, name: str, form: str) -> None:
    prefix = make_prefix(tmp_path / name)
    python = f"{prefix}/bin/python3.11"
    quoted = f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\" #'''\n"
    script = write_script(prefix, quoted if form == "exec" else f"#!{python}\n".replace("\\", "/"))

    make_scripts_safe(prefix)

    assert run(script, tmp_path) == "ran a b c\n"
    assert not (tmp_path / "witness").exists()
    assert os.access(script, os.X_OK)


def test_script_of_another_program_is_left_alone(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path / "$HOME")
    script = write_script(prefix, "#!/bin/sh\nexec something\n")
    before = script.read_bytes()

    make_scripts_safe(prefix)

    assert script.read_bytes() == before


def test_harmless_path_changes_nothing(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path / "with a space")
    script = write_script(prefix, f"#!/bin/sh\n'''exec' \"{prefix}/bin/python3.11\" \"$0\" \"$@\" #'''\n")
    before = script.read_bytes()

    make_scripts_safe(prefix)

    assert script.read_bytes() == before
    assert run(script, tmp_path) == "ran a b c\n"
