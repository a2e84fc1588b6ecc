"""Entering and leaving on a mapping: the same as the shells do, and an identity when nothing was changed meanwhile."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyve.activation.dialects import DIALECTS
from pyve.activation.process_environment import enter_project, expose_project, leave_project, stack_conda
from pyve.activation.snippet import Snippet
from pyve.activation.statements import render_activation
from tests.support.shell_languages import UTF_8_LOCALE

ENTRIES = ["/p/env/bin", "/p/env/scripts", "/usr/bin", "/bin", "", "relative", "/usr/bin/"]
NAMES = ["VIRTUAL_ENV", "PYTHONHOME", "GREETING", "OTHER"]
PATHS = st.lists(st.sampled_from(ENTRIES), max_size=6).map(os.pathsep.join)
VALUES = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=5)
PREFIXES = ["/opt/conda", "/p/env", "/q/env"]
LEVELS = [
    "",
    "0",
    "1",
    "2",
    "08",
    "-1",
    "1.0",
    " 1",
    "1\n",
    "abc",
    "7",
    "99",
    "999",
    "1000",
    "9" * 30,
    "\u00b2",
    "\u0661",
]
CONDA = st.fixed_dictionaries(
    {},
    optional={
        "CONDA_SHLVL": st.sampled_from(LEVELS),
        "CONDA_PREFIX": st.sampled_from(["", *PREFIXES]),
        "CONDA_PREFIX_1": st.sampled_from(PREFIXES),
        "CONDA_STACKED_2": st.sampled_from(["", "true"]),
        "CONDA_DEFAULT_ENV": st.just("base"),
    },
)
ENVIRONMENTS = st.builds(
    lambda variables, conda, path: {**variables, **conda, **({} if path is None else {"PATH": path})},
    st.dictionaries(st.sampled_from(NAMES), VALUES),
    st.just({}) | CONDA,
    st.none() | PATHS,
)
CONDA_SNIPPET = Snippet(
    root="/p",
    reference="/s/reference-",
    bin=("/p/env/bin",),
    set={"CONDA_PREFIX": "/p/env", "CONDA_DEFAULT_ENV": "shop", "CONDA_PROMPT_MODIFIER": "(shop) ", "GREETING": "hi"},
    conda="/p/env",
)
SNIPPETS = st.builds(
    Snippet,
    root=st.just("/p"),
    reference=st.just("/s/reference-"),
    bin=st.lists(st.sampled_from(ENTRIES[:2]), unique=True).map(tuple),
    set=st.dictionaries(st.sampled_from(NAMES[:1] + NAMES[2:3]), VALUES),
    unset=st.lists(st.sampled_from(NAMES[1:2] + NAMES[3:]), unique=True).map(tuple),
) | st.builds(
    lambda prefix, sourced: replace(
        CONDA_SNIPPET, conda=prefix, set={**CONDA_SNIPPET.set, "CONDA_PREFIX": prefix}, sourced=sourced
    ),
    st.sampled_from(PREFIXES),
    st.dictionaries(st.sampled_from(NAMES), VALUES),
)
# What shells export by themselves.
OF_THE_SHELL = {"_", "PWD", "OLDPWD", "SHLVL", "HOME", "LOGNAME", "USER", "LC_ALL"}
SNIPPET = Snippet(
    root="/p",
    reference="/s/reference-",
    bin=("/p/env/bin",),
    set={"VIRTUAL_ENV": "/p/env", "GREETING": "two\nlines 'quoted' \\"},
    unset=("PYTHONHOME",),
)


@given(environment=ENVIRONMENTS, snippet=SNIPPETS)
def test_leaving_undoes_entering(environment: dict[str, str], snippet: Snippet) -> None:
    assert leave_project(enter_project(environment, snippet)) == environment


@given(environment=ENVIRONMENTS, snippet=SNIPPETS, other=SNIPPETS)
def test_entering_leaves_what_was_entered_before(environment: dict[str, str], snippet: Snippet, other: Snippet) -> None:
    other = replace(other, root="/q")
    assert enter_project(enter_project(environment, other), snippet) == enter_project(environment, snippet)


@given(environment=ENVIRONMENTS, snippet=SNIPPETS)
def test_exposing_what_was_entered_already_changes_no_more_than_where_path_holds_it_twice(
    environment: dict[str, str], snippet: Snippet
) -> None:
    inside = enter_project(environment, snippet)
    exposed = expose_project(inside, snippet)
    assert {**exposed, "PATH": ""} == {**inside, "PATH": ""}
    assert expose_project(exposed, snippet) == exposed


@given(environment=ENVIRONMENTS, snippet=SNIPPETS)
def test_exposing_leaves_no_record(environment: dict[str, str], snippet: Snippet) -> None:
    exposed = expose_project(enter_project(environment, replace(SNIPPET, root="/q")), snippet)
    assert not [name for name in exposed if name.startswith("_PYVE_")]
    assert exposed == expose_project(environment, snippet)


@pytest.mark.parametrize(
    ("level", "below", "expected"),
    [
        pytest.param(None, None, {"CONDA_SHLVL": "1"}, id="nothing is active"),
        pytest.param("0", None, {"CONDA_SHLVL": "1"}, id="conda is loaded"),
        pytest.param("0", "", {"CONDA_SHLVL": "1"}, id="everything was deactivated"),
        pytest.param(
            "1",
            "/opt/conda",
            {"CONDA_SHLVL": "2", "CONDA_PREFIX_1": "/opt/conda", "CONDA_STACKED_2": "true"},
            id="base is active",
        ),
        pytest.param(
            "998", "/x", {"CONDA_SHLVL": "999", "CONDA_PREFIX_998": "/x", "CONDA_STACKED_999": "true"}, id="the highest"
        ),
        pytest.param("3", "/p/env", {"CONDA_SHLVL": "3"}, id="this very prefix is active"),
        pytest.param("999", "/p/env", {"CONDA_SHLVL": "999"}, id="this very prefix is active, the highest"),
        pytest.param("7", None, {"CONDA_SHLVL": "1"}, id="a level without a prefix"),
        *(
            pytest.param(level, "/x", {"CONDA_SHLVL": "1"}, id=f"no level: {level!r}")
            for level in LEVELS
            if level not in {"1", "2", "7", "99", "998"}
        ),
    ],
)
def test_a_prefix_is_stacked_on_what_is_active(level: str | None, below: str | None, expected: dict[str, str]) -> None:
    environment = {"CONDA_SHLVL": level, "CONDA_PREFIX": below}
    given = {name: value for name, value in environment.items() if value is not None}
    assert stack_conda(given, "/p/env") == expected


def test_nothing_is_stacked_for_what_is_no_prefix() -> None:
    assert stack_conda({"CONDA_SHLVL": "1", "CONDA_PREFIX": "/opt/conda"}, "") == {}


def test_conda_deactivate_inside_is_respected_on_leaving() -> None:
    base = {"PATH": "/opt/conda/bin", "CONDA_PREFIX": "/opt/conda", "CONDA_SHLVL": "1", "CONDA_DEFAULT_ENV": "base"}
    inside = enter_project({**base, "CONDA_PROMPT_MODIFIER": "(base) "}, CONDA_SNIPPET)
    assert inside["CONDA_SHLVL"] == "2"
    popped = {name: value for name, value in inside.items() if name not in {"CONDA_PREFIX_1", "CONDA_STACKED_2"}}
    popped |= {**base, "CONDA_PROMPT_MODIFIER": "(base) "}

    left = leave_project(popped)

    assert left == {**base, "CONDA_PROMPT_MODIFIER": "(base) "}


def test_an_environment_activated_by_hand_inside_stays_on_leaving() -> None:
    inside = enter_project({"PATH": "/bin"}, CONDA_SNIPPET)
    theirs = {"CONDA_PREFIX": "/x", "CONDA_SHLVL": "2", "CONDA_PREFIX_1": "/p/env", "CONDA_DEFAULT_ENV": "x"}

    left = leave_project({**inside, **theirs})

    assert {name: left.get(name) for name in theirs} == theirs


def test_a_process_gets_what_scripts_were_seen_to_do() -> None:
    snippet = replace(
        CONDA_SNIPPET,
        scripts={"sh": ("/s/a.sh",)},
        scripts_on_leaving={"sh": ("/s/b.sh",)},
        sourced={"CC": "gcc"},
        sourced_unset=("CXX",),
    )
    before = {"PATH": "/bin", "CXX": "c++", "CC": "cc"}
    inside = enter_project(before, snippet)

    assert (inside["CC"], inside.get("CXX"), inside.get("_PYVE_SCRIPTS")) == ("gcc", None, None)
    assert leave_project(inside) == before
    exposed = expose_project(before, snippet)
    assert (exposed["CC"], exposed.get("CXX")) == ("gcc", None)


def test_a_record_with_scripts_is_left_without_them() -> None:
    inside = enter_project({"PATH": "/bin"}, CONDA_SNIPPET)
    assert leave_project({**inside, "_PYVE_SCRIPTS": "/s/a.sh"}) == {"PATH": "/bin"}


def test_what_somebody_else_changed_stays_changed() -> None:
    inside = enter_project({"PATH": "/bin", "PYTHONHOME": "/old"}, SNIPPET)
    inside |= {"VIRTUAL_ENV": "/mine", "PYTHONHOME": "/new", "PATH": os.pathsep.join(["/own/bin", inside["PATH"]])}

    path = os.pathsep.join(["/own/bin", "/bin"])
    assert leave_project(inside) == {"PATH": path, "VIRTUAL_ENV": "/mine", "PYTHONHOME": "/new"}


@pytest.mark.posix("the PATH of POSIX")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"PATH": "/usr/bin:/bin"}, id="plain"),
        pytest.param({"PATH": "/bin:/p/env/bin:/bin:/usr/bin/:relative"}, id="on PATH already"),
        pytest.param({"PATH": "/bin", "VIRTUAL_ENV": "", "PYTHONHOME": "", "GREETING": "x"}, id="values"),
        pytest.param(enter_project({"PATH": "/bin", "OTHER": "1"}, replace(SNIPPET, root="/q")), id="inside another"),
    ],
)
def test_a_shell_makes_the_same_of_it(
    shell: str, environment: dict[str, str], tmp_path: Path, need_program: Callable[[str], str]
) -> None:
    compare_with_shell(shell, environment, SNIPPET, tmp_path, need_program(shell))


@pytest.mark.posix("the PATH of POSIX")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("level", [None, *LEVELS])
def test_a_shell_stacks_the_same_on_what_conda_has_active(
    shell: str, level: str | None, tmp_path: Path, need_program: Callable[[str], str]
) -> None:
    for prefix in (None, "", "/opt/conda", "/p/env"):
        environment = {"PATH": "/bin", "CONDA_SHLVL": level, "CONDA_PREFIX": prefix, "CONDA_PREFIX_1": "/below"}
        given = {name: value for name, value in environment.items() if value is not None}
        compare_with_shell(shell, given, CONDA_SNIPPET, tmp_path, need_program(shell))


def compare_with_shell(shell: str, environment: dict[str, str], snippet: Snippet, tmp_path: Path, program: str) -> None:
    statements = tmp_path / "statements"
    statements.write_text(render_activation(DIALECTS[shell], snippet), encoding="utf-8")
    arguments = {"zsh": ["-f"], "fish": ["--no-config"]}.get(shell, [])

    printed = subprocess.run(
        [program, *arguments, "-c", f". '{statements}'; /usr/bin/env -0"],
        env={"HOME": str(tmp_path), "LC_ALL": UTF_8_LOCALE, **environment}, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip

    found = dict(item.split("=", 1) for item in printed.split("\0") if item)
    kept = {name: value for name, value in found.items() if name not in OF_THE_SHELL}
    assert kept == enter_project(environment, snippet)
