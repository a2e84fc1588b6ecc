"""Conda prefixes on cd: stacked on what conda has active, so that its commands go on working; undone exactly."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.activation.dialects import DIALECTS
from pyve.activation.process_environment import enter_project
from pyve.activation.statements import render_activation
from tests.shells.conftest import OpenShell
from tests.support.activation_stage import Stage, mirror
from tests.support.conda_stage import BASE, conda_of, make_conda_project
from tests.support.shell_languages import LANGUAGES, ShellLanguage
from tests.support.shell_terminal import ShellTerminal

OUTER_PATH = "/usr/local/bin:/usr/bin:/bin"
NONE: Mapping[str, str] = {}


def set_variables(terminal: ShellTerminal, variables: Mapping[str, str], *gone: str) -> None:
    """What a command of conda's does to the shell."""
    language = terminal.language
    exports = [language.export(name, value) for name, value in variables.items()]
    terminal.do(*exports, *(language.unset(name) for name in gone))


@pytest.mark.parametrize(
    ("active", "added"),
    [
        pytest.param(NONE, {"CONDA_SHLVL": "1"}, id="nothing"),
        pytest.param({"CONDA_SHLVL": "0"}, {"CONDA_SHLVL": "1"}, id="conda is loaded"),
        pytest.param(
            BASE, {"CONDA_SHLVL": "2", "CONDA_PREFIX_1": "/opt/conda", "CONDA_STACKED_2": "true"}, id="base is active"
        ),
        pytest.param(
            {**BASE, "CONDA_SHLVL": "2", "CONDA_PREFIX_1": "/below", "CONDA_STACKED_2": ""},
            {"CONDA_SHLVL": "3", "CONDA_PREFIX_2": "/opt/conda", "CONDA_STACKED_3": "true"},
            id="two are active",
        ),
        pytest.param({**BASE, "CONDA_PREFIX_1": "old", "CONDA_STACKED_2": "old"}, {"CONDA_SHLVL": "2"}, id="leftovers"),
        pytest.param({"CONDA_SHLVL": "7"}, {"CONDA_SHLVL": "1"}, id="a level without a prefix"),
        pytest.param({"CONDA_SHLVL": "0", "CONDA_PREFIX": ""}, {"CONDA_SHLVL": "1"}, id="all was deactivated"),
        *(
            pytest.param({**BASE, "CONDA_SHLVL": level}, {"CONDA_SHLVL": "1"}, id=f"nonsense: {level!r}")
            for level in ("abc", "", "08", "9" * 30, "-1", "1 ", "a[$(touch pwned)]", "x=1")
        ),
    ],
)
def test_a_prefix_is_stacked_on_what_is_active_and_taken_off_again(
    shell: OpenShell, stage: Stage, root: Path, base: Path, active: Mapping[str, str], added: Mapping[str, str]
) -> None:
    snippet = make_conda_project(stage, root)
    terminal = shell(variables=active)
    before = terminal.snapshot()

    terminal.cd(root)

    inside = terminal.environment()
    assert inside["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
    assert {name: inside[name] for name in snippet.set} == snippet.set
    assert conda_of(inside) == {**active, **conda_of(snippet.set), **conda_of(inside), **added}
    assert inside == {**inside, **conda_of(enter_project(active, snippet))}
    assert terminal.prompt_prefix == "(shop) "
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_conda_deactivate_inside_goes_back_to_base_and_leaving_touches_nothing(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    make_conda_project(stage, root)
    terminal = shell(variables=BASE)
    before = terminal.snapshot()
    terminal.cd(root)

    set_variables(terminal, {**BASE, "PATH": OUTER_PATH}, "CONDA_PREFIX_1", "CONDA_STACKED_2", "OF_ENV_VARS_D")

    deactivated = terminal.environment()
    assert conda_of(deactivated) == BASE
    assert deactivated["PATH"] == OUTER_PATH
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable
    terminal.cd(root)
    assert conda_of(terminal.environment())["CONDA_SHLVL"] == "2"
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_conda_deactivate_of_the_only_one_leaves_what_conda_leaves(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    make_conda_project(stage, root)
    terminal = shell()
    terminal.cd(root)
    gone = {"CONDA_SHLVL": "0", "CONDA_PREFIX": "", "CONDA_DEFAULT_ENV": "", "CONDA_PROMPT_MODIFIER": ""}

    set_variables(terminal, {**gone, "PATH": OUTER_PATH}, "OF_ENV_VARS_D")
    terminal.cd(base)

    after = terminal.environment()
    assert conda_of(after) == gone
    assert after["PATH"] == OUTER_PATH
    assert not [name for name in after if name.startswith("_PYVE_") and name != "_PYVE_HOOK"]


def test_what_is_activated_by_hand_inside_stays_active_after_leaving(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    snippet = make_conda_project(stage, root)
    terminal = shell(variables=BASE)
    terminal.cd(root)
    theirs = {
        "CONDA_SHLVL": "3",
        "CONDA_PREFIX": "/opt/conda/envs/mine",
        "CONDA_PREFIX_2": snippet.conda,
        "CONDA_DEFAULT_ENV": "mine",
        "CONDA_PROMPT_MODIFIER": "(mine) ",
    }

    set_variables(terminal, {**theirs, "PATH": f"/opt/conda/envs/mine/bin:{OUTER_PATH}"})
    terminal.cd(base)

    after = terminal.environment()
    assert {name: after.get(name) for name in theirs} == theirs
    assert after["PATH"] == f"/opt/conda/envs/mine/bin:{OUTER_PATH}"


def test_a_prefix_that_was_activated_by_hand_before_is_not_stacked_on_itself(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    snippet = make_conda_project(stage, root)
    terminal = shell(variables={**BASE, "CONDA_PREFIX": snippet.conda, "PATH": f"{snippet.bin[0]}:{OUTER_PATH}"})
    before = terminal.snapshot()
    terminal.cd(root)
    inside = terminal.environment()
    assert inside["CONDA_SHLVL"] == "1"
    assert "CONDA_PREFIX_1" not in inside
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_projects_of_different_kinds_are_entered_one_from_the_other(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path, base: Path
) -> None:
    one = make_conda_project(stage, root)
    two = make_conda_project(stage, tmp_path / "two", name="two")
    plain = stage.make_project(tmp_path / "plain", name="plain")
    terminal = shell(variables=BASE)
    before = terminal.snapshot()
    stacked = {"CONDA_SHLVL": "2", "CONDA_PREFIX_1": "/opt/conda", "CONDA_STACKED_2": "true"}
    for snippet in (one, two, plain, one, plain, two):
        terminal.cd(snippet.root)
        inside = terminal.environment()
        assert inside["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
        assert conda_of(inside) == {**BASE, **(conda_of({**snippet.set, **stacked}) if snippet.conda else {})}
        assert ("VIRTUAL_ENV" in inside) == (snippet is plain)
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_another_environment_of_the_project_takes_its_place_at_the_next_prompt(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    snippet = make_conda_project(stage, root)
    terminal = shell(variables=BASE)
    before = terminal.snapshot()
    terminal.cd(root)

    prefix = f"{snippet.conda}-new"
    stage.register(
        replace(snippet, conda=prefix, set={"CONDA_PREFIX": prefix, "MORE": "1"}, bin=(f"{prefix}/bin",), unset=())
    )
    terminal.prompt()

    inside = terminal.environment()
    assert conda_of(inside) == {
        **BASE,
        "CONDA_PREFIX": prefix,
        "CONDA_SHLVL": "2",
        "CONDA_PREFIX_1": "/opt/conda",
        "CONDA_STACKED_2": "true",
    }
    assert inside["PATH"] == f"{prefix}/bin:{OUTER_PATH}"
    assert "OF_ENV_VARS_D" not in inside
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


@pytest.mark.parametrize("child", list(LANGUAGES))
def test_a_child_shell_keeps_the_level_and_can_leave(
    shell: OpenShell,
    stage: Stage,
    root: Path,
    base: Path,
    child: str,
    need_shell: Callable[[str], ShellLanguage],
) -> None:
    make_conda_project(stage, root)
    parent = shell(variables=BASE)
    parent.cd(root)
    environment = parent.environment()
    inherited = {name: value for name, value in environment.items() if name not in ("ZDOTDIR", "XDG_CONFIG_HOME")}

    terminal = shell(root, variables=inherited, other=need_shell(child))

    assert conda_of(terminal.environment()) == conda_of(environment)
    terminal.cd(base)
    outside = terminal.environment()
    assert conda_of(outside) == BASE
    assert outside["PATH"] == OUTER_PATH


@pytest.mark.parametrize("language", ["bash", "zsh"], indirect=True)
@pytest.mark.parametrize(
    "names", [("CONDA_SHLVL",), ("CONDA_PREFIX",), ("CONDA_SHLVL", "CONDA_PREFIX", "CONDA_PREFIX_1")]
)
@pytest.mark.parametrize("strict", ["set -u", "set -eu"])
def test_variables_of_conda_that_are_readonly_keep_their_values_and_nothing_is_said(
    shell: OpenShell, stage: Stage, root: Path, base: Path, names: tuple[str, ...], strict: str
) -> None:
    snippet = make_conda_project(stage, root)
    terminal = shell(variables={**BASE, "CONDA_PREFIX_1": "/below"})
    terminal.do(*(f"readonly {name}" for name in names), strict)
    before = terminal.snapshot()
    assert terminal.cd(root) == ""
    inside = terminal.environment()
    assert inside["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
    assert {name: inside[name] for name in names} == {name: before.environment[name] for name in names}
    assert inside["CONDA_DEFAULT_ENV"] == "shop"
    assert terminal.cd(base) == ""
    assert terminal.snapshot().comparable == before.comparable


def test_a_snippet_that_was_written_before_there_were_prefixes_is_none(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path, base: Path, language: ShellLanguage
) -> None:
    make_conda_project(stage, root, scripts_on_leaving={"sh": ("/x.sh",), "fish": ("/x.fish",)})
    older = stage.make_project(tmp_path / "older")
    file = mirror(stage.state, older.root) / f"@act.{DIALECTS[language.name].extension}"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    new = [line for line in lines if "__pyve_s_conda" in line or "__pyve_s_scripts" in line]
    assert len(new) == 3
    file.write_text("".join(line for line in lines if line not in new), encoding="utf-8")
    terminal = shell(before=["set -u"] if language.name == "bash" else [])
    before = terminal.snapshot()
    terminal.cd(root)
    terminal.cd(older.root)
    inside = terminal.environment()
    assert inside["VIRTUAL_ENV"] == older.set["VIRTUAL_ENV"]
    assert conda_of(inside) == {}
    assert "_PYVE_SCRIPTS" not in inside
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_entered_by_hand_it_is_stacked_and_deactivate_takes_it_off(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path, language: ShellLanguage
) -> None:
    snippet = make_conda_project(stage, root)
    file = tmp_path / "statements"
    file.write_bytes(render_activation(DIALECTS[language.name], snippet).encode())
    terminal = shell(hooked=False, variables=BASE)
    before = terminal.environment()

    terminal.do(language.source(str(file)))

    stacked = {"CONDA_SHLVL": "2", "CONDA_PREFIX_1": "/opt/conda", "CONDA_STACKED_2": "true"}
    assert conda_of(terminal.environment()) == {**BASE, **conda_of(snippet.set), **stacked}
    terminal.do(language.source(str(file)))
    assert conda_of(terminal.environment())["CONDA_SHLVL"] == "2"
    terminal.do("deactivate")
    after = terminal.environment()
    assert {**after, "_": ""} == {**before, "_": ""}
