"""Statements that a shell evaluates once."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pyve.activation.dialects import DIALECTS
from pyve.activation.snippet import Snippet
from pyve.activation.statements import render_activation, render_evaluation, render_exports
from tests.support.powershell_syntax import find_errors, parse

HOSTILE = "two\nlines 'quoted' \"twice\" $(touch pwned) `touch pwned` \\ ! * é \udcff\\"


@pytest.mark.posix("POSIX shells")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "sh"])
def test_exports_bring_a_shell_from_one_environment_to_the_other(
    shell: str, tmp_path: Path, need_program: Callable[[str], str]
) -> None:
    before = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "GONE": "1", "CHANGED": "1", "BASH_FUNC_f%%": "() { :; }"}
    after = {"PATH": "/p/b in:/usr/bin:/bin", "HOME": str(tmp_path), "CHANGED": HOSTILE, "EMPTY": ""}
    text = render_exports(DIALECTS["bash" if shell == "sh" else shell], before, after)
    file = tmp_path / "statements"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    arguments = {"zsh": ["-f"], "fish": ["--no-config"]}.get(shell, [])

    printed = subprocess.run(
        [need_program(shell), *arguments, "-c", f". '{file}'; /usr/bin/env -0"],
        env=before, cwd=tmp_path, capture_output=True, check=True,
    ).stdout  # fmt: skip

    found = dict(os.fsdecode(item).split("=", 1) for item in printed.split(b"\0") if item)
    assert {name: found.get(name) for name in [*before, *after] if "%" not in name} == {**after, "GONE": None}
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_nothing_is_exported_where_nothing_differs(dialect: object) -> None:
    assert render_exports(dialect, {"A": "1"}, {"A": "1"}) == ""  # type: ignore[arg-type] # a dialect


def test_a_name_that_is_none_is_left_out() -> None:
    assert render_exports(DIALECTS["bash"], {"BASH_FUNC_f%%": "x"}, {"A; touch pwned": "1", "é": "1"}) == ""


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_an_activation_is_whole(dialect: object) -> None:
    text = render_activation(dialect, Snippet(root="/p/@ACTIVATION@", reference="/s/r-"))  # type: ignore[arg-type] # a dialect
    assert "/p/@ACTIVATION@" in text  # a value, not to be filled
    assert text.count("@ACTIVATION@") == 1
    assert "@SNIPPET@" not in text


def test_powershell_can_parse_what_is_printed() -> None:
    dialect = DIALECTS["pwsh"]
    snippet = Snippet(root="/p's", reference="/s/r-", bin=("/p's/bin",), set={"A": "x'\n$(y)"}, unset=("B",))
    exports = render_exports(dialect, {"B": "1"}, {"A": "x'\n$(y)", "PATH": "/b"})

    assert exports.count("\n") == 4
    for text in (render_activation(dialect, snippet), exports):
        assert find_errors(parse(text.encode())) == []


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "eval \"$(pyve activate --project '/a b')\""),
        ("zsh", "eval \"$(pyve activate --project '/a b')\""),
        ("fish", "pyve activate --project '/a b' | source"),
        ("pwsh", "Invoke-Expression (& pyve activate --project '/a b' | Out-String)"),
    ],
)
def test_the_line_to_type_is_that_of_the_shell(shell: str, line: str) -> None:
    assert render_evaluation(DIALECTS[shell], ["pyve", "activate", "--project", "/a b"]) == line
