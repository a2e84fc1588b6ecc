"""cd in: the environment is there; cd out: the shell is as it was."""

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.shells.conftest import HOSTILE_NAME, NOT_UTF_8, OpenShell
from tests.support.activation_stage import Stage, make_environment
from tests.support.shell_languages import ShellLanguage, quote

OUTER_PATH = "/usr/local/bin:/usr/bin:/bin"


def test_entering_puts_the_environment_first_and_leaving_restores_all(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    snippet = stage.make_project(root)
    terminal = shell(variables={"PYTHONHOME": "/opt/python"})
    before = terminal.snapshot()
    terminal.cd(root)
    inside = terminal.environment()
    assert inside["PATH"].split(":") == [*snippet.bin, *OUTER_PATH.split(":")]
    assert {name: inside[name] for name in snippet.set} == dict(snippet.set)
    assert "PYTHONHOME" not in inside
    assert terminal.prompt_prefix == "(shop) "
    assert "the tool of this environment" in terminal.do("tool")
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable
    assert terminal.prompt_prefix == ""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(HOSTILE_NAME, id="all that a careless script runs"),
        pytest.param("@at @@ start", id="at signs"),
        pytest.param("-n", id="a leading dash"),
        pytest.param("* ? [a-z]", id="patterns"),
        pytest.param("back\\slash \\n \\", id="backslashes"),
        pytest.param("cafe\u0301 caf\u00e9", id="composed and decomposed letters"),
        pytest.param("%F{red}%(1v.x.y)%n", id="percent escapes"),
        pytest.param("!! !$ ^a^b", id="history"),
        pytest.param(NOT_UTF_8, id="not UTF-8", marks=pytest.mark.linux("other systems keep names in UTF-8")),
    ],
)
def test_a_project_may_have_any_name(shell: OpenShell, stage: Stage, tmp_path: Path, base: Path, name: str) -> None:
    root = tmp_path / name
    below = root / "@below"
    snippet = stage.make_project(root, name=name)
    below.mkdir()
    terminal = shell()
    before = terminal.snapshot()
    terminal.cd(below)
    inside = terminal.environment()
    # As bytes, which a report can show whatever they are.
    assert os.fsencode(inside["PATH"]) == os.fsencode(f"{snippet.bin[0]}:{OUTER_PATH}")
    assert os.fsencode(inside["VIRTUAL_ENV"]) == os.fsencode(snippet.set["VIRTUAL_ENV"])
    assert os.fsencode(inside["VIRTUAL_ENV_PROMPT"]) == os.fsencode(name)
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


@pytest.mark.parametrize(
    "name", ["$(touch pwned)", "`touch pwned`", "%F{red}%n %", "\\u \\w \\$(touch pwned)", "${PWD}", "'\"", "!", "é🐍"]
)
def test_the_prompt_shows_a_name_and_never_runs_it(
    shell: OpenShell, stage: Stage, root: Path, base: Path, name: str
) -> None:
    stage.make_project(root, name=name)
    terminal = shell()
    terminal.cd(root)
    assert terminal.prompt_prefix == f"({name}) "
    terminal.cd(base)
    assert terminal.prompt_prefix == ""


def test_no_prompt_is_changed_where_the_user_does_not_want_it(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    stage.make_project(root)
    terminal = shell(variables={"VIRTUAL_ENV_DISABLE_PROMPT": "1"})
    terminal.cd(root)
    assert "VIRTUAL_ENV" in terminal.environment()
    assert terminal.prompt_prefix == ""


def test_a_prompt_that_shows_the_environment_already_is_left_alone(
    shell: OpenShell, stage: Stage, root: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell(variables={"STARSHIP_SHELL": language.name})
    terminal.cd(root)
    assert "VIRTUAL_ENV" in terminal.environment()
    assert terminal.prompt_prefix == ""


def test_values_arrive_exactly(shell: OpenShell, stage: Stage, root: Path) -> None:
    values = {
        "A_QUOTE": 'it\'s "so"',
        "A_NEWLINE": "first\nsecond\n",
        "A_BACKSLASH": "ends in \\",
        "A_DOLLAR": "$HOME ${x} $(touch pwned) `touch pwned`",
        "AN_EMPTY_ONE": "",
        "A_TAB": "\ta  b ",
        "SIGNS": "* ? [ ] { } ~ # ! % ^ & | ; < > = ( )",
        "UNICODE": "é 🐍 \u200b",
        "BYTES": b"\xff\xfe\x80 \xc3".decode("utf-8", "surrogateescape"),
        "CONTROL": "\x01\x1b[31m\x7f\r",
    }
    stage.make_project(root)
    stage.write(replace(stage.describe(root), set=values))
    terminal = shell(root)
    inside = terminal.environment()
    assert {name: inside[name] for name in values} == values


def test_the_first_prompt_of_a_shell_that_starts_inside_a_project_has_its_environment(
    shell: OpenShell, stage: Stage, root: Path
) -> None:
    snippet = stage.make_project(root)
    terminal = shell(root)
    assert terminal.path()[0] == snippet.bin[0]
    assert terminal.prompt_prefix == "(shop) "


def test_cd_within_a_project_changes_nothing(shell: OpenShell, stage: Stage, root: Path) -> None:
    stage.make_project(root)
    (root / "a" / "b").mkdir(parents=True)
    terminal = shell(root)
    inside = terminal.snapshot()
    terminal.cd(root / "a" / "b")
    assert terminal.snapshot().comparable == inside.comparable
    terminal.cd(root)
    assert terminal.snapshot().comparable == inside.comparable


def test_one_cd_from_project_to_project_changes_the_environment(
    shell: OpenShell, stage: Stage, tmp_path: Path, base: Path
) -> None:
    first, second = tmp_path / f"{HOSTILE_NAME} 1", tmp_path / f"{HOSTILE_NAME} 2"
    one, two = stage.make_project(first, name="one"), stage.make_project(second, name="two")
    terminal = shell()
    before = terminal.snapshot()
    terminal.cd(first)
    assert terminal.environment()["PATH"] == f"{one.bin[0]}:{OUTER_PATH}"
    terminal.cd(second)
    inside = terminal.environment()
    assert inside["PATH"] == f"{two.bin[0]}:{OUTER_PATH}"
    assert inside["VIRTUAL_ENV"] == two.set["VIRTUAL_ENV"]
    assert terminal.prompt_prefix == "(two) "
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_a_nested_project_wins_and_the_outer_one_comes_back(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    inner = root / "packages" / "inner"
    outer_one, inner_one = stage.make_project(root, name="outer"), stage.make_project(inner, name="inner")
    terminal = shell()
    before = terminal.snapshot()
    for directory, snippet in ((root, outer_one), (inner, inner_one), (root, outer_one)):
        terminal.cd(directory)
        assert terminal.environment()["PATH"] == f"{snippet.bin[0]}:{OUTER_PATH}"
        assert terminal.prompt_prefix == snippet.prompt
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_a_nested_project_that_is_not_approved_leaves_the_outer_one_on(
    shell: OpenShell, stage: Stage, root: Path
) -> None:
    outer = stage.make_project(root, name="outer")
    make_environment(root / "inner")
    terminal = shell(root)
    assert terminal.cd(root / "inner") == ""
    assert terminal.path()[0] == outer.bin[0]


@pytest.mark.parametrize(
    "path",
    [
        "/usr/bin:/bin:/usr/bin",
        "/usr/bin/:/bin//:/bin",
        "/bin::/usr/bin",
        ":/bin",
        "/bin:",
        "::/bin::",
        "relative/bin:.:/bin",
        "/bin:with space:/usr/bin",
        "/bin:*:?:[ab]:~",
        ":",
    ],
)
def test_a_peculiar_path_is_restored_exactly(
    shell: OpenShell, stage: Stage, root: Path, base: Path, path: str, language: ShellLanguage
) -> None:
    snippet = stage.make_project(root)
    terminal = shell()
    terminal.do(language.export("PATH", path))
    before = terminal.snapshot()
    terminal.cd(root)
    assert terminal.environment()["PATH"] == f"{snippet.bin[0]}:{before.path}"
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


@pytest.mark.parametrize("times", [1, 2, 3])
def test_own_entries_that_path_held_before_stay(
    shell: OpenShell, stage: Stage, root: Path, base: Path, times: int, language: ShellLanguage
) -> None:
    snippet = stage.make_project(root)
    (own,) = snippet.bin
    terminal = shell()
    terminal.do(language.export("PATH", ":".join(["/bin", *[own, "/usr/bin"] * times])))
    before = terminal.snapshot()
    terminal.cd(root)
    assert terminal.path()[0] == own
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


@pytest.mark.parametrize("value", [None, "", "/some/where"], ids=["unset", "empty", "set"])
def test_a_variable_is_unset_empty_or_set_again_as_it_was(
    shell: OpenShell, stage: Stage, root: Path, base: Path, value: str | None
) -> None:
    snippet = stage.make_project(root)
    terminal = shell(variables={"VIRTUAL_ENV": value, "PYTHONHOME": value})
    before = terminal.environment()
    assert before.get("VIRTUAL_ENV") == value
    terminal.cd(root)
    assert terminal.environment()["VIRTUAL_ENV"] == snippet.set["VIRTUAL_ENV"]
    terminal.cd(base)
    after = terminal.environment()
    assert {name: after.get(name) for name in ("VIRTUAL_ENV", "PYTHONHOME")} == {
        "VIRTUAL_ENV": value,
        "PYTHONHOME": value,
    }


@pytest.mark.parametrize("state", ["unset", "empty"])
def test_a_path_that_was_not_there_is_not_there_again(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage, state: str
) -> None:
    snippet = stage.make_project(root)
    terminal = shell()
    terminal.do(language.unset("PATH") if state == "unset" else language.export("PATH", ""))
    before = terminal.snapshot()
    terminal.cd(root)
    # fish makes "." of an empty PATH, which means the same, and hands that on.
    assert terminal.environment()["PATH"] == ":".join([snippet.bin[0], *([before.path] if before.path else [])])
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_what_the_user_does_to_path_inside_stays(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    snippet = stage.make_project(root)
    terminal = shell(root)
    terminal.do(language.export("PATH", f"/new/first:{snippet.bin[0]}:/usr/bin:/new/last:/bin"))
    terminal.prompt()
    terminal.cd(base)
    assert terminal.environment()["PATH"] == "/new/first:/usr/bin:/new/last:/bin"


def test_a_variable_that_is_not_ours_any_more_is_left_alone(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell(root, variables={"VIRTUAL_ENV_PROMPT": "before"})
    terminal.do(language.export("VIRTUAL_ENV", "/by/hand"), language.export("PYTHONHOME", "/mine"))
    terminal.do(language.unset("VIRTUAL_ENV_PROMPT"))
    terminal.cd(base)
    after = terminal.environment()
    assert (after["VIRTUAL_ENV"], after["PYTHONHOME"]) == ("/by/hand", "/mine")
    assert "VIRTUAL_ENV_PROMPT" not in after


def test_conda_variables_of_the_user_are_left_alone(shell: OpenShell, stage: Stage, root: Path, base: Path) -> None:
    stage.make_project(root)
    terminal = shell(variables={"CONDA_SHLVL": "7", "CONDA_DEFAULT_ENV": "base", "CONDA_PREFIX": ""})
    before = terminal.snapshot()
    terminal.cd(root)
    assert terminal.environment()["CONDA_SHLVL"] == "7"
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_deactivate_holds_until_the_project_is_left(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    snippet = stage.make_project(root)
    terminal = shell()
    before = terminal.snapshot()
    terminal.cd(root)
    terminal.do("deactivate")
    terminal.prompt()
    assert terminal.snapshot().comparable == before.comparable
    (root / "below").mkdir()
    terminal.cd(root / "below")
    assert terminal.environment()["PATH"] == OUTER_PATH
    terminal.cd(base)
    terminal.cd(root)
    assert terminal.path()[0] == snippet.bin[0]
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_deactivate_in_one_project_says_nothing_about_another(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path
) -> None:
    first, second = stage.make_project(root), stage.make_project(tmp_path / "second")
    terminal = shell(root)
    terminal.do("deactivate")
    terminal.cd(second.root)
    assert terminal.path()[0] == second.bin[0]
    terminal.cd(root)
    assert terminal.path()[0] == first.bin[0]


def test_a_function_named_deactivate_of_the_users_own_stays(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell(before=[language.define_function("deactivate", "echo my own")])
    before = terminal.snapshot()
    terminal.cd(root)
    assert "my own" in terminal.do("deactivate")
    terminal.cd(base)
    assert "my own" in terminal.do("deactivate")
    assert terminal.snapshot().comparable == before.comparable


def test_entering_again_and_again_grows_nothing(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell()
    before = terminal.snapshot()
    terminal.cd(root)
    first = terminal.snapshot()
    for _ in range(20):
        terminal.cd(base)
        terminal.cd(root)
    assert terminal.snapshot().comparable == first.comparable
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


def test_reading_the_startup_file_again_changes_nothing(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell(root)
    inside = terminal.snapshot()
    for _ in range(3):
        terminal.do(language.source(str(stage.state / f"hook.{language.name}")))
    assert terminal.snapshot().comparable == inside.comparable
    terminal.cd(base)
    assert terminal.environment()["PATH"] == OUTER_PATH
    assert terminal.prompt_prefix == ""


def test_a_project_that_is_reached_through_a_link_is_entered_by_both_names(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path, base: Path
) -> None:
    snippet = stage.make_project(root)
    link = tmp_path / f"link {HOSTILE_NAME}"
    link.symlink_to(root)
    stage.register(snippet, at=link)
    terminal = shell(root)
    inside = terminal.snapshot()
    terminal.cd(link)
    assert terminal.snapshot().comparable == inside.comparable
    assert terminal.path().count(snippet.bin[0]) == 1
    terminal.cd(base)
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_another_case_of_a_name_is_the_same_project(shell: OpenShell, stage: Stage, tmp_path: Path) -> None:
    snippet = stage.make_project(tmp_path / "Project")
    if not (tmp_path / "project").exists():
        pytest.skip("names differ by case on this file system")
    terminal = shell(tmp_path / "Project")
    inside = terminal.snapshot()
    terminal.cd(tmp_path / "project")
    terminal.prompt()
    assert terminal.path()[0] == snippet.bin[0]
    assert terminal.snapshot().comparable == inside.comparable


def test_pushd_popd_and_cd_minus_work_as_ever(
    shell: OpenShell, stage: Stage, root: Path, base: Path, language: ShellLanguage
) -> None:
    stage.make_project(root)
    terminal = shell()
    terminal.do(f"pushd {quote(language, str(root))} >/dev/null")
    assert "VIRTUAL_ENV" in terminal.environment()
    terminal.do("popd >/dev/null")
    assert terminal.environment()["PWD"] == str(base)
    assert "VIRTUAL_ENV" not in terminal.environment()
    terminal.cd(root)
    terminal.do("cd - >/dev/null")
    assert terminal.environment()["PWD"] == str(base)
    assert "VIRTUAL_ENV" not in terminal.environment()
    terminal.do("cd - >/dev/null")
    assert terminal.environment()["PWD"] == str(root)
    assert "VIRTUAL_ENV" in terminal.environment()


@pytest.mark.parametrize("place", ["/", "/tmp", "a directory with\na newline"])
def test_places_that_are_no_project_are_silent(
    shell: OpenShell, stage: Stage, root: Path, tmp_path: Path, place: str
) -> None:
    stage.make_project(root)
    directory = tmp_path / place
    directory.mkdir(exist_ok=True)
    terminal = shell(root)
    assert terminal.cd(directory) == ""
    assert terminal.prompt() == ""
    assert "VIRTUAL_ENV" not in terminal.environment()


def test_a_directory_that_was_removed_below_the_shell_is_no_error(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    stage.make_project(root)
    gone = base / "gone"
    gone.mkdir()
    terminal = shell(gone)
    before = terminal.snapshot()
    gone.rmdir()
    assert "pyve" not in terminal.prompt()
    terminal.cd(root)
    assert "VIRTUAL_ENV" in terminal.environment()
    shutil.rmtree(root)
    assert "pyve" not in terminal.prompt()
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root can read every directory")
def test_a_directory_that_cannot_be_read_is_no_error(shell: OpenShell, stage: Stage, root: Path, base: Path) -> None:
    stage.make_project(root)
    terminal = shell(root)
    closed = base / "closed"
    closed.mkdir()
    terminal.cd(closed)
    closed.chmod(0)
    try:
        assert terminal.prompt() == ""
        assert "VIRTUAL_ENV" not in terminal.environment()
    finally:
        closed.chmod(0o700)


def test_a_copied_project_is_not_entered(shell: OpenShell, stage: Stage, root: Path, tmp_path: Path) -> None:
    stage.make_project(root)
    copied = tmp_path / "copied"
    shutil.copytree(root, copied)
    terminal = shell(copied)
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_a_moved_project_is_not_entered(shell: OpenShell, stage: Stage, root: Path, tmp_path: Path, base: Path) -> None:
    stage.make_project(root)
    terminal = shell(root)
    moved = tmp_path / "moved"
    root.rename(moved)
    terminal.cd(moved)
    assert terminal.environment()["PATH"] == OUTER_PATH
    terminal.cd(base)
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_twenty_five_levels_down_is_still_the_project(shell: OpenShell, stage: Stage, root: Path, base: Path) -> None:
    snippet = stage.make_project(root)
    deep = root.joinpath(*(f"level {number}" for number in range(25)))
    deep.mkdir(parents=True)
    terminal = shell()
    terminal.cd(deep)
    assert terminal.path()[0] == snippet.bin[0]
    terminal.cd(base)
    assert terminal.environment()["PATH"] == OUTER_PATH


def test_a_snippet_without_an_environment_sets_variables_alone(
    shell: OpenShell, stage: Stage, root: Path, base: Path
) -> None:
    root.mkdir(parents=True)
    plain = replace(stage.describe(root), probe="", bin=(), set={"TOKEN_FOR": "this"}, unset=(), prompt="")
    stage.register(plain)
    terminal = shell()
    before = terminal.snapshot()
    terminal.cd(root)
    inside = terminal.environment()
    assert (inside["TOKEN_FOR"], inside["PATH"]) == ("this", OUTER_PATH)
    terminal.cd(base)
    assert terminal.snapshot().comparable == before.comparable
