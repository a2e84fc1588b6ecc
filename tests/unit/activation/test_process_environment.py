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
from pyve.activation.process_environment import enter_project, expose_project, leave_project
from pyve.activation.snippet import Snippet
from pyve.activation.statements import render_activation

ENTRIES = ["/p/env/bin", "/p/env/scripts", "/usr/bin", "/bin", "", "relative", "/usr/bin/"]
NAMES = ["VIRTUAL_ENV", "PYTHONHOME", "GREETING", "OTHER"]
PATHS = st.lists(st.sampled_from(ENTRIES), max_size=6).map(os.pathsep.join)
VALUES = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=5)
ENVIRONMENTS = st.builds(
    lambda variables, path: {**variables, **({} if path is None else {"PATH": path})},
    st.dictionaries(st.sampled_from(NAMES), VALUES),
    st.none() | PATHS,
)
SNIPPETS = st.builds(
    Snippet,
    root=st.just("/p"),
    reference=st.just("/s/reference-"),
    bin=st.lists(st.sampled_from(ENTRIES[:2]), unique=True).map(tuple),
    set=st.dictionaries(st.sampled_from(NAMES[:1] + NAMES[2:3]), VALUES),
    unset=st.lists(st.sampled_from(NAMES[1:2] + NAMES[3:]), unique=True).map(tuple),
)
# What shells export by themselves.
OF_THE_SHELL = {"_", "PWD", "OLDPWD", "SHLVL", "HOME", "LOGNAME", "USER"}
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
    statements = tmp_path / "statements"
    statements.write_text(render_activation(DIALECTS[shell], SNIPPET), encoding="utf-8")
    arguments = {"zsh": ["-f"], "fish": ["--no-config"]}.get(shell, [])

    printed = subprocess.run(
        [need_program(shell), *arguments, "-c", f". '{statements}'; /usr/bin/env -0"],
        env={"HOME": str(tmp_path), **environment}, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip

    found = dict(item.split("=", 1) for item in printed.split("\0") if item)
    kept = {name: value for name, value in found.items() if name not in OF_THE_SHELL}
    assert kept == enter_project(environment, SNIPPET)
