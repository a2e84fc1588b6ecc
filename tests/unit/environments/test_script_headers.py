"""Console scripts whose interpreter's path a shell could misread."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.environments.script_headers import interpreter_of, make_header_safe, scripts_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="launchers are programs there")

BODY = "import sys\nprint('ran', sys.argv[1:])\n"
awkward = st.text(st.sampled_from("a '\"$`\\(){};&|!*?~#<>é"), min_size=1, max_size=12).filter(
    lambda name: name.strip() not in ("", ".", "..")
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(awkward)
def test_header_runs_that_interpreter_and_is_python_too(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    python = folder / "python"
    if not python.exists():
        python.symlink_to(sys.executable)
    script = folder / "tool"
    script.write_bytes(b"#!/bin/sh\n'''exec' \"" + str(python).encode() + b'" "$0" "$@"\n\' \'\'\'\n' + BODY.encode())
    script.chmod(0o755)

    assert make_header_safe(script, interpreter=python)

    ran = subprocess.run([script, "x y"], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert (ran.stdout, ran.stderr) == ("ran ['x y']\n", "")
    compile(script.read_bytes(), "tool", "exec")
    assert not make_header_safe(script, interpreter=python)


def test_plain_header_is_left_alone(tmp_path: Path) -> None:
    script = tmp_path / "tool"
    script.write_text(f"#!{tmp_path}/python\n{BODY}")
    before = script.read_bytes()

    assert not make_header_safe(script, interpreter=tmp_path / "python")
    assert script.read_bytes() == before
    assert interpreter_of(script) == tmp_path / "python"


def test_tab_in_the_path_of_the_interpreter_is_part_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "with\ttab"
    folder.mkdir()
    python = folder / "python"
    python.symlink_to(sys.executable)
    script = folder / "tool"
    script.write_text(f"#!{python}\n{BODY}")
    script.chmod(0o755)

    assert make_header_safe(script, interpreter=python)

    ran = subprocess.run([script, "x y"], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert (ran.stdout, ran.stderr) == ("ran ['x y']\n", "")
    assert not make_header_safe(script, interpreter=python)


def test_only_scripts_that_lead_to_the_interpreter_are_found(tmp_path: Path) -> None:
    (tmp_path / "tool").write_text(f"#!{tmp_path}/python\n")
    (tmp_path / "other").write_text("#!/usr/bin/python3\n")
    (tmp_path / "activate").write_text(f"# {tmp_path}\n")
    (tmp_path / "program").write_bytes(b"\x7fELF\0")
    (tmp_path / "link").symlink_to(tmp_path / "tool")

    assert [path.name for path in scripts_in(tmp_path, interpreter=tmp_path / "python")] == ["tool"]
