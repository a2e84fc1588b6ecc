"""`pyve check` on activation: hooks, startup files and what else activates, each breakage made real."""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.activation.dialects import DIALECTS
from pyve.activation.startup.file import hook_file
from pyve.activation.startup.plan import apply_plan, plan_installation
from pyve.verbs.checks.activation import CallingShell, examine_calling_shell, examine_startup_files
from pyve.verbs.checks.activators import examine_other_activators, examine_path
from pyve.verbs.checks.findings import Fact, Finding
from pyve.verbs.checks.tools import examine_variables
from pyve.verbs.situation import Situation
from tests.support.stored_project import make_situation

COMMAND = ("/opt/pyve/bin/pyve",)
PROCESS = 4711
pytestmark = pytest.mark.posix("startup files of POSIX shells")


def findings(examined: Iterable[Finding | Fact]) -> dict[str, Finding]:
    return {item.code: item for item in examined if isinstance(item, Finding)}


@pytest.fixture
def situation(home: Path, project: Path) -> Situation:
    return replace(make_situation(project, home / "state"), home=home)


def install(situation: Situation, name: str = "bash") -> Path:
    """Install the hook; returns the startup file."""
    file = situation.home / {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/conf.d/pyve.fish"}[name]
    state = situation.state_directory
    apply_plan(plan_installation(DIALECTS[name], file, state_directory=state, command=COMMAND), state_directory=state)
    return file


def examine_shell(
    situation: Situation, name: str = "bash", *, root: str | None = None, **environment: str
) -> dict[str, Finding]:
    there = replace(situation, environment=environment)
    return findings(examine_calling_shell(there, CallingShell(name=name, process=PROCESS), active_root=root))


def examine_files(situation: Situation) -> dict[str, Finding]:
    return findings(examine_startup_files(situation, COMMAND))


# --- startup files ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_an_installed_hook_is_fine(situation: Situation, name: str) -> None:
    install(situation, name)
    assert examine_files(situation) == {}
    assert examine_shell(situation, name, _PYVE_HOOK=f"{name}:{PROCESS}") == {}


def test_no_startup_file_is_fine(situation: Situation) -> None:
    assert examine_files(situation) == {}


def test_a_hook_file_that_is_gone_is_found(situation: Situation) -> None:
    file = install(situation)
    hook_file(situation.state_directory, DIALECTS["bash"]).unlink()
    (finding,) = examine_files(situation).values()
    assert (finding.code, finding.hint) == ("hook-file-missing", "pyve hook --install bash")
    assert str(file) in finding.message


def test_a_hook_of_another_version_is_found(situation: Situation) -> None:
    install(situation)
    hook_file(situation.state_directory, DIALECTS["bash"]).write_text("# older\n")
    assert list(examine_files(situation)) == ["hook-outdated"]


def test_a_line_for_another_state_directory_is_found(situation: Situation) -> None:
    install(situation)
    elsewhere = replace(situation, state_directory=str(situation.home / "another state"))
    assert list(examine_files(elsewhere)) == ["hook-elsewhere"]


@pytest.mark.parametrize("mark", ["# >>> pyve >>>\n", "# <<< pyve <<<\n"])
def test_a_mark_that_is_gone_is_found(situation: Situation, mark: str) -> None:
    file = install(situation)
    file.write_text(file.read_text().replace(mark, ""))
    assert list(examine_files(situation)) == ["startup-block-damaged"]


# --- the shell that pyve is typed in ------------------------------------------------------------


@pytest.mark.parametrize("name", ["bash", "zsh", "fish", "pwsh"])
def test_a_shell_without_the_hook_is_told_how_to_install_it(situation: Situation, name: str) -> None:
    (finding,) = examine_shell(situation, name).values()
    assert (finding.code, finding.hint) == ("hook-not-installed", f"pyve hook --install {name}")


@pytest.mark.parametrize("file", [".bashrc", ".bash_profile"])
def test_a_hook_that_is_evaluated_is_as_good_as_an_installed_one(situation: Situation, file: str) -> None:
    (situation.home / file).write_text('eval "$(pyve hook bash)"\n')
    assert examine_shell(situation) == {}
    (situation.home / file).write_text('# eval "$(pyve hook bash)"\n')
    assert list(examine_shell(situation)) == ["hook-not-installed"]


def test_a_shell_that_has_no_hook_asks_for_nothing(situation: Situation) -> None:
    assert examine_shell(situation, "tcsh") == {}


def test_a_shell_that_is_older_than_its_hook_is_found(situation: Situation) -> None:
    install(situation)
    (finding,) = examine_shell(situation).values()
    assert finding.code == "hook-not-loaded"
    assert finding.hint == f". '{hook_file(situation.state_directory, DIALECTS['bash'])}'"
    assert list(examine_shell(situation, _PYVE_HOOK=f"zsh:{PROCESS}")) == ["hook-not-loaded"], "a bash below a zsh"
    assert examine_shell(situation, _PYVE_HOOK="bash:1") == {}, "who can tell what is in between"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("bash", "PROMPT_COMMAND='history -a'"),
        ("bash", "export PROMPT_COMMAND="),
        ("bash", 'eval "$(starship init bash)"'),
        ("bash", 'eval "$(oh-my-posh init bash --config ~/theme.json)"'),
        ("zsh", "precmd_functions=(mine)"),
        ("fish", "functions --erase __pyve_prompt"),
    ],
)
def test_a_lost_hook_is_found_and_what_took_its_place(situation: Situation, name: str, line: str) -> None:
    file = install(situation, name)
    file.write_text(f"first\n{file.read_text()}{line}\n")
    environment = {"_PYVE_HOOK": f"{name}:{PROCESS}"}
    (finding,) = examine_shell(situation, name, root="/shop", **environment).values()
    assert finding.code == "hook-lost"
    assert f"{file}:5: {line}" in finding.hint
    assert examine_shell(situation, name, root="/shop", _PYVE_ROOT="/shop", **environment) == {}
    assert examine_shell(situation, name, **environment) == {}, "nothing to activate here"


@pytest.mark.parametrize(
    "line",
    ['PROMPT_COMMAND="mine; $PROMPT_COMMAND"', "# PROMPT_COMMAND=mine", "NO_PROMPT_COMMAND=", "# starship init"],
)
def test_what_leaves_the_hook_in_its_place_is_not_named(situation: Situation, line: str) -> None:
    file = install(situation)
    file.write_text(f"PROMPT_COMMAND=before\n{file.read_text()}{line}\n")
    found = examine_shell(situation, root="/shop", _PYVE_HOOK=f"bash:{PROCESS}")
    assert list(found) == ["project-not-active"]
    hint = found["project-not-active"].hint
    assert hint == "on two lines: cd / , then cd /shop; or open a new shell there", "one line has no prompt in between"


def test_the_variables_of_activation_are_no_misspelt_ones() -> None:
    names = (
        "ROOT",
        "SERIAL",
        "BIN",
        "KEPT",
        "SET",
        "UNSET",
        "HOOK",
        "PINNED",
        "NO_PATH",
        "OLD_PATH",
        "NEW_VIRTUAL_ENV",
    )
    assert findings(examine_variables({f"_PYVE_{name}": "x" for name in names})) == {}


# --- other activators, PATH ---------------------------------------------------------------------


def name_in_startup_file(text: str) -> Callable[[Situation], Situation]:
    def change(situation: Situation) -> Situation:
        (situation.home / ".zshrc").write_text(f"{text}\n")
        return situation

    return change


def set_variables(**environment: str) -> Callable[[Situation], Situation]:
    return lambda situation: replace(situation, environment=environment)


@pytest.mark.parametrize(
    ("change", "tool"),
    [
        (name_in_startup_file('eval "$(direnv hook zsh)"'), "direnv"),
        (set_variables(DIRENV_DIR="-/shop"), "direnv"),
        (name_in_startup_file('eval "$(~/.local/bin/mise activate zsh)"'), "mise"),
        (set_variables(MISE_SHELL="zsh"), "mise"),
        (name_in_startup_file("__conda_setup=\"$('/opt/conda/bin/conda' 'shell.zsh' 'hook' 2> /dev/null)\""), "conda"),
        (set_variables(CONDA_SHLVL="1", CONDA_DEFAULT_ENV="base"), "conda"),
        (name_in_startup_file('eval "$(pyenv virtualenv-init -)"'), "pyenv-virtualenv"),
        (set_variables(PYENV_VIRTUALENV_INIT="1"), "pyenv-virtualenv"),
    ],
)
def test_another_activator_is_named(situation: Situation, change: Callable[[Situation], Situation], tool: str) -> None:
    (finding,) = findings(examine_other_activators(change(situation))).values()
    assert finding.code == "other-activator"
    assert finding.message.startswith(tool)


@pytest.mark.parametrize(
    "environment",
    [{}, {"CONDA_SHLVL": "0"}, {"CONDA_SHLVL": "1", "CONDA_DEFAULT_ENV": "shop"}, {"CONDA_SHLVL": "garbage"}],
)
def test_without_another_activator_nothing_is_named(situation: Situation, environment: dict[str, str]) -> None:
    (situation.home / ".zshrc").write_text('# eval "$(direnv hook zsh)"\nalias m="mise"\n')
    assert findings(examine_other_activators(replace(situation, environment=environment))) == {}


def test_a_conda_that_leaves_base_alone_is_not_named(situation: Situation) -> None:
    name_in_startup_file("eval \"$('/opt/conda/bin/conda' 'shell.zsh' 'hook')\"")(situation)
    (situation.home / ".condarc").write_text("channels: [mine]\nauto_activate_base: false\n")
    assert findings(examine_other_activators(situation)) == {}


def test_a_directory_twice_on_path_is_named() -> None:
    path = os.pathsep.join(["/a", "/b", "", "/a", ""])
    (finding,) = findings(examine_path({"PATH": path})).values()
    assert finding.code == "path-entry-duplicate"
    assert "/a;" in finding.message
    assert findings(examine_path({"PATH": "/a:/b"})) == {}
