"""A conda environment entered by `run`, `shell`, `activate` and shells: the same for all, and undone for all."""

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import PyveResult, RunPyve
from tests.support.conda_channel import LocalChannel

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shell that could run these scripts")


class CondaProject:
    """A project whose environment.yml names packages of the tests' channel."""

    def __init__(self, root: Path, channel: LocalChannel, run_pyve: RunPyve) -> None:
        self.root = root
        self.channel = channel
        self.pyve = run_pyve

    def declare(self, *specs: str, variables: str = "") -> None:
        lines = ["channels:", f"  - file://{self.channel.path}", "dependencies:", *(f"  - {spec}" for spec in specs)]
        text = "\n".join([*lines, *(["variables:", f"  {variables}"] if variables else []), ""])
        (self.root / "environment.yml").write_text(text, encoding="utf-8")

    def init(self) -> PyveResult:
        result = self.pyve("init")
        assert result.exit_status == 0, result.stderr
        return result

    def value_of(self, name: str, **environment: str) -> str:
        """What a command sees in the variable `name`; `(unset)` when it is not there."""
        result = self.pyve("run", "sh", "-c", f'printf %s "${{{name}-(unset)}}"', env=environment)
        assert result.exit_status == 0, result.stderr
        return result.stdout

    @property
    def prefix(self) -> Path:
        return Path(self.value_of("CONDA_PREFIX"))


@pytest.fixture
def conda_project(project: Path, conda_channel: LocalChannel, run_pyve: RunPyve) -> CondaProject:
    return CondaProject(project, conda_channel, run_pyve)


def test_run_gives_the_variables_and_what_the_scripts_do(conda_project: CondaProject) -> None:
    conda_project.declare("activator", "activator-path", "activator-saving", variables="mine: é 'x'")
    conda_project.init()
    prefix = conda_project.prefix
    assert conda_project.value_of("ACTIVATOR") == f"on:{prefix}"
    assert conda_project.value_of("ACTIVATOR_VAR") == "from-package"
    assert conda_project.value_of("MINE") == "é 'x'"
    assert conda_project.value_of("SAVED_DATA", SAVED_DATA="mine") == f"{prefix}/share/saved"
    assert conda_project.value_of("_CONDA_SET_SAVED_DATA", SAVED_DATA="mine") == "(unset)"
    assert conda_project.pyve("run", "extra-tool").stdout == "extra\n"


def test_init_tells_of_scripts_that_shells_source(conda_project: CondaProject) -> None:
    conda_project.declare("activator-function", "activator-dependent")
    told = conda_project.init().stderr
    assert "define functions (activator_hello)" in told
    assert "ACTIVATOR_FLAGS" in told
    assert conda_project.value_of("ACTIVATOR_FUNCTION") == "1"


def test_no_script_hurts_a_build(conda_project: CondaProject) -> None:
    conda_project.declare(
        "activator-fails", "activator-exits", "activator-broken", "activator-noisy", "activator-quoted"
    )
    result = conda_project.init()
    assert "activate.d/activator-exits.sh is left out: it ends the shell" in result.stderr
    assert "welcome" not in result.stdout + result.stderr
    assert conda_project.value_of("ACTIVATOR_FAILED") == "1"
    assert conda_project.value_of("ACTIVATOR_NOISY") == "1"
    assert conda_project.value_of("ACTIVATOR_EXITED") == "(unset)"


def test_shell_and_activate_give_what_run_gives(
    conda_project: CondaProject, need_program: Callable[[str], str], tmp_path: Path
) -> None:
    bash = need_program("bash")
    conda_project.declare("activator", "activator-function")
    conda_project.init()
    names = ("ACTIVATOR", "ACTIVATOR_VAR", "ACTIVATOR_FUNCTION", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL")
    wanted = {name: conda_project.value_of(name) for name in names}
    script = tmp_path / "shell"
    script.write_text(f"#!{bash}\n" + "".join(f'echo "{name}=${name}"\n' for name in names))
    script.chmod(0o755)
    by_shell = conda_project.pyve("shell", "--shell", os.fspath(script))
    assert dict(line.split("=", 1) for line in by_shell.stdout.splitlines()) == wanted
    statements = conda_project.pyve("activate", "--shell", "bash")
    assert statements.exit_status == 0, statements.stderr
    inside = tmp_path / "inside.bash"
    inside.write_text(f"{statements.stdout}\nsource {shlex.quote(os.fspath(script))}\nactivator_hello\n")
    evaluated = conda_project.pyve("run", bash, "--norc", os.fspath(inside)).stdout.splitlines()
    assert evaluated[-1] == f"hello from {wanted['CONDA_PREFIX']}"
    assert dict(line.split("=", 1) for line in evaluated[:-1]) == wanted


def test_purge_takes_the_copies_of_scripts_too(conda_project: CondaProject, home: Path) -> None:
    conda_project.declare("activator-function")
    conda_project.init()
    copies = list(home.rglob("000-activator-function.sh"))
    assert len(copies) == 2
    assert conda_project.pyve("purge", "--yes").exit_status == 0
    assert list(home.rglob("000-activator-function.sh")) == []


def test_switch_to_another_declaration_and_back_runs_no_script(conda_project: CondaProject) -> None:
    mark = conda_project.root / "witness"
    conda_project.declare("activator-witness", variables=f"witness_file: {mark}")
    conda_project.init()
    times = len(mark.read_text().splitlines())
    assert times > 0
    conda_project.declare("activator")
    conda_project.init()
    conda_project.declare("activator-witness", variables=f"witness_file: {mark}")
    conda_project.init()
    assert conda_project.value_of("WITNESS") == "1"
    assert len(mark.read_text().splitlines()) == times


def test_sync_runs_changed_scripts_and_tells_of_them(conda_project: CondaProject) -> None:
    conda_project.declare("activator")
    conda_project.init()
    script = conda_project.prefix / "etc/conda/activate.d/activator.sh"
    script.unlink()  # it may be a hard link into the cache
    script.write_text("tool() { :; }\nexport ACTIVATOR=new\n")
    synced = conda_project.pyve("sync")
    assert synced.exit_status == 0, synced.stderr
    assert "define functions (tool)" in synced.stderr
    assert conda_project.value_of("ACTIVATOR") == "new"
    assert "define functions" not in conda_project.pyve("sync").stderr


def test_prompt_runs_no_script_that_has_changed(conda_project: CondaProject) -> None:
    mark = conda_project.root / "witness"
    conda_project.declare("activator")
    conda_project.init()
    script = conda_project.prefix / "etc/conda/activate.d/activator.sh"
    conda_project.declare("activator-noisy")
    conda_project.init()
    script.unlink()  # it may be a hard link into the cache
    script.write_text(f"echo ran >> {shlex.quote(os.fspath(mark))}\nexport ACTIVATOR=new\n")
    conda_project.declare("activator")
    assert conda_project.pyve("shell-env").exit_status == 0
    assert not mark.exists()
    assert conda_project.value_of("ACTIVATOR") == "new"
    assert mark.exists()
