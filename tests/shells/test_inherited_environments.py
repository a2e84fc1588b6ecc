"""Child shells, panes of a terminal multiplexer, `exec`: a shell meets an environment that another shell entered."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pyve.activation.dialects import DIALECTS
from pyve.activation.templates import read_template
from tests.shells.conftest import OpenShell
from tests.support.activation_stage import Stage
from tests.support.shell_languages import LANGUAGES, ShellLanguage

OUTER_PATH = "/usr/local/bin:/usr/bin:/bin"
SHELL_COUNTERS = {"SHLVL", "USER", "LOGNAME", "PWD", "OLDPWD", "_", "_PYVE_HOOK", "ZDOTDIR", "XDG_CONFIG_HOME"}


def _bare(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in SHELL_COUNTERS}


@pytest.fixture(params=list(LANGUAGES))
def child(request: pytest.FixtureRequest, need_shell: Callable[[str], ShellLanguage]) -> ShellLanguage:
    """The shell that inherits."""
    return need_shell(request.param)


def test_a_child_adopts_the_environment_and_can_leave_it(
    shell: OpenShell, stage: Stage, root: Path, base: Path, child: ShellLanguage
) -> None:
    snippet = stage.make_project(root)
    plain = shell(variables={"PYTHONHOME": "/opt/python", "VIRTUAL_ENV": ""})
    before = plain.environment()
    plain.cd(root)
    inherited = shell(root, variables=_inherited(plain.environment()), other=child)
    inside = inherited.environment()
    assert inside["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
    assert inherited.prompt_prefix == "(shop) "
    inherited.cd(base)
    assert _bare(inherited.environment()) == _bare(before)
    assert inherited.prompt_prefix == ""


def test_a_pane_that_opens_elsewhere_leaves_what_it_inherits_at_its_first_prompt(
    shell: OpenShell, stage: Stage, root: Path, base: Path, child: ShellLanguage
) -> None:
    stage.make_project(root)
    plain = shell()
    before = plain.environment()
    plain.cd(root)
    inherited = shell(base, variables=_inherited(plain.environment()), other=child)
    assert _bare(inherited.environment()) == _bare(before)


def test_a_child_whose_startup_files_moved_path_is_first_again(
    shell: OpenShell, stage: Stage, root: Path, base: Path, child: ShellLanguage
) -> None:
    snippet = stage.make_project(root)
    parent = shell(root).environment()
    moved = child.export("PATH", f"/usr/bin:{snippet.bin[0]}:/opt/bin")
    inherited = shell(root, variables=_inherited(parent), before=[moved], other=child)
    assert inherited.environment()["PATH"] == f"{snippet.bin[0]}:/usr/bin:/opt/bin"
    inherited.cd(base)
    assert inherited.environment()["PATH"] == "/usr/bin:/opt/bin"


def test_a_child_in_another_project_changes_over(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path, base: Path, child: ShellLanguage
) -> None:
    stage.make_project(root)
    second = stage.make_project(tmp_path / "second")
    parent = shell(root).environment()
    inherited = shell(Path(second.root), variables=_inherited(parent), other=child)
    assert inherited.environment()["PATH"] == f"{second.bin[0]}:{OUTER_PATH}"
    inherited.cd(base)
    assert inherited.environment()["PATH"] == OUTER_PATH


def test_a_shell_that_replaces_another_adopts_its_environment(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    snippet = stage.make_project(root)
    terminal = shell(root)
    program = language.find_program()
    words = {"bash": f"--noprofile --rcfile {terminal.start_up_file}", "zsh": "-d", "fish": ""}[language.name]
    terminal.restart(f"exec {program} {words} -i")
    assert terminal.environment()["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
    terminal.cd(base)
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_a_child_without_pyve_has_the_environment(shell: OpenShell, stage: Stage, root: Path, base: Path) -> None:
    snippet = stage.make_project(root)
    inherited = shell(root, variables=_inherited(shell(root).environment()), hooked=False)
    assert inherited.environment()["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"


def test_a_child_leaves_what_it_inherits_when_pyve_is_gone(
    shell: OpenShell, stage: Stage, root: Path, base: Path, child: ShellLanguage
) -> None:
    stage.make_project(root)
    plain = shell()
    before = plain.environment()
    plain.cd(root)
    environment = _inherited(plain.environment())
    stage.forget(root)
    stage.command.unlink()
    inherited = shell(root, variables=environment, other=child)
    assert _bare(inherited.environment()) == _bare(before)


def test_a_pinned_environment_is_kept_wherever_the_shell_goes(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path, base: Path, child: ShellLanguage
) -> None:
    snippet = stage.make_project(root)
    second = stage.make_project(tmp_path / "second")
    environment = {**_inherited(shell(root).environment()), "_PYVE_PINNED": "1"}
    moved = child.export("PATH", f"/usr/bin:{snippet.bin[0]}:/bin")
    inherited = shell(base, variables=environment, before=[moved], other=child)
    assert inherited.environment()["PATH"] == f"{snippet.bin[0]}:/usr/bin:/bin"
    inherited.cd(second.root)
    inside = inherited.environment()
    assert (inside["PATH"], inside["_PYVE_PINNED"]) == (f"{snippet.bin[0]}:/usr/bin:/bin", "1")
    inherited.do("deactivate")
    after = inherited.environment()
    assert "_PYVE_PINNED" not in after
    assert after["PATH"] in (f"{second.bin[0]}:/usr/bin:/bin", "/usr/bin:/bin")


def test_a_record_of_nonsense_harms_nothing(shell: OpenShell, stage: Stage, root: Path, base: Path) -> None:
    snippet = stage.make_project(root)
    nonsense = {
        "_PYVE_ROOT": "$(touch pwned)",
        "_PYVE_SERIAL": "`touch pwned`",
        "_PYVE_BIN": ":::$(touch pwned):",
        "_PYVE_KEPT": "x",
        "_PYVE_SET": "NO_SUCH ALSO_NONE",
        "_PYVE_UNSET": "NOT_THIS_ONE",
        "_PYVE_OLD_NO_SUCH": "$(touch pwned)",
    }
    terminal = shell(variables=nonsense)
    assert terminal.greeting == shell(hooked=False).greeting
    assert terminal.environment()["PATH"] == OUTER_PATH
    terminal.cd(root)
    assert terminal.environment()["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
    terminal.cd(base)
    assert terminal.environment()["PATH"] == OUTER_PATH


def _inherited(environment: dict[str, str]) -> dict[str, str | None]:
    """What a child of that shell is given."""
    return {name: value for name, value in environment.items() if name not in ("ZDOTDIR", "XDG_CONFIG_HOME")}


def test_a_root_that_is_no_path_keeps_no_prompt_waiting(shell: OpenShell) -> None:
    terminal = shell(variables={"_PYVE_ROOT": "no path", "_PYVE_SERIAL": "1", "_PYVE_PINNED": "1"})
    assert terminal.environment()["PATH"] == OUTER_PATH


@pytest.mark.linux("the bash of MSYS is as new; that of macOS is never asked to")
def test_bash_leaves_what_a_program_of_windows_has_entered(tmp_path: Path, need_program: Callable[[str], str]) -> None:
    """Under MSYS, where PATH alone is translated; this is all that bash makes of it."""
    record = {"_PYVE_ROOT": "C:\\p q", "_PYVE_BIN": "C:\\p q\\Scripts;D:\\b", "_PYVE_KEPT": "D:\\b"}
    path = "/c/p q/Scripts:/d/b:/usr/bin:/d/b"
    file = tmp_path / "activation"
    file.write_text(read_template(DIALECTS["bash"], "activation"), encoding="utf-8")
    script = '. "$1"; __pyve_leave; echo "$PATH:${_PYVE_BIN-none}"'
    words = [need_program("bash"), "-c", script, "-", str(file)]

    printed = subprocess.run(words, env={"PATH": path, **record}, capture_output=True, text=True, check=True)

    assert (printed.stdout, printed.stderr) == ("/usr/bin:/d/b:none\n", "")
