"""The files for zsh and fish are parsed by their own shells: as they lie there, and filled with hostile values."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pyve.activation.dialects import DIALECTS
from pyve.activation.hook import render_hook
from pyve.activation.snippet import Snippet, render_snippet
from pyve.activation.templates import read_template

HOSTILE = "/it's \"my\" $(touch ran) `touch ran`; touch ran & \\ \\' !! ~ *?[a] {b} @ROOT@ @STATE@ é \udcff"
# Options that change what zsh takes for its grammar, in a user's startup file before the hook.
ZSH_GRAMMARS = (
    *("sh_glob", "ksh_glob", "ksh_arrays", "ignore_braces", "ignore_close_braces", "rc_quotes", "csh_junkie_quotes"),
    *(
        "csh_junkie_loops",
        "posix_identifiers",
        "posix_builtins",
        "extended_glob",
        "no_multi_func_def",
        "no_short_loops",
    ),
)
# Not in fish 3.1: each with the release that brought it.
LATER_FISH = {
    "$(": "3.4",
    "set -f ": "3.4",
    "set --function": "3.4",
    "--fields": "3.2",
    "--groups-only": "3.4",
    "(?<": "3.2",
    "builtin path": "3.5",
    "path mtime": "3.6",
    "&|": "none",
}

pytestmark = pytest.mark.posix("shells")


def parse(program: str, text: bytes, tmp_path: Path, *options: str) -> str:
    """What the shell says of a text that it only parses."""
    file = tmp_path / "text"
    file.write_bytes(text)
    done = subprocess.run([program, *options, "-n", str(file)], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0 or done.stderr
    return done.stderr.decode("utf-8", "replace")


def hostile_snippet() -> Snippet:
    """A snippet with hostile text wherever one can be."""
    return Snippet(
        root=HOSTILE,
        reference=HOSTILE,
        probe=HOSTILE,
        watch=(HOSTILE, "/" + HOSTILE),
        bin=(HOSTILE, HOSTILE),
        set={"VIRTUAL_ENV": HOSTILE, "LINES_OF_IT": "a\n'b'\r\n", "EMPTY": ""},
        unset=("PYTHONHOME",),
        conda=HOSTILE,
        scripts={"sh": (HOSTILE, HOSTILE), "fish": (HOSTILE,)},
        scripts_on_leaving={"sh": (HOSTILE,), "fish": (HOSTILE,)},
        prompt=f"({HOSTILE}) ",
        notice=HOSTILE,
        missing=HOSTILE,
    )


@pytest.fixture(params=["zsh", "fish"])
def shell(request: pytest.FixtureRequest, need_program: Callable[[str], str]) -> tuple[str, str]:
    """A dialect's name and its shell's path."""
    return request.param, need_program(request.param)


@pytest.mark.parametrize("name", ["activation", "conda", "hook", "snippet"])
def test_the_file_parses_as_it_lies_there(shell: tuple[str, str], name: str, tmp_path: Path) -> None:
    dialect, program = shell
    assert parse(program, read_template(DIALECTS[dialect], name).encode(), tmp_path) == ""


def test_the_filled_hook_parses(shell: tuple[str, str], tmp_path: Path) -> None:
    dialect, program = shell
    hook = render_hook(DIALECTS[dialect], state_directory=HOSTILE, command=[HOSTILE, "-m", HOSTILE])
    assert b"@ACTIVATION@" not in hook
    assert parse(program, hook, tmp_path) == ""


def test_the_filled_snippet_parses(shell: tuple[str, str], tmp_path: Path) -> None:
    dialect, program = shell
    assert parse(program, render_snippet(hostile_snippet(), DIALECTS[dialect]), tmp_path) == ""


def test_a_text_that_does_not_parse_is_told(shell: tuple[str, str], tmp_path: Path) -> None:
    dialect, program = shell
    hook = render_hook(DIALECTS[dialect], state_directory="/x", command=["pyve"])
    assert parse(program, hook + b"\nif true; 'x\n", tmp_path) != ""


@pytest.mark.parametrize("option", ZSH_GRAMMARS)
def test_zsh_parses_the_hook_under_an_option(option: str, need_program: Callable[[str], str], tmp_path: Path) -> None:
    hook = render_hook(DIALECTS["zsh"], state_directory="/state", command=["/usr/bin/pyve"])
    assert parse(need_program("zsh"), hook, tmp_path, "-o", option) == ""


def test_the_snippet_is_read_as_it_was_written(shell: tuple[str, str], tmp_path: Path) -> None:
    dialect, program = shell
    snippet = hostile_snippet()
    printed = (
        b'printf \'%s\\0\' "$__pyve_s_root" $__pyve_s_watch $__pyve_s_bin $__pyve_s_set "$__pyve_s_prompt"\n'
        if dialect == "fish"
        else b'printf \'%s\\0\' "$__pyve_s_root" "${__pyve_s_watch[@]}" "${__pyve_s_bin[@]}" "${__pyve_s_set[@]}"'
        b' "$__pyve_s_prompt"\n'
    )
    file = tmp_path / "text"
    file.write_bytes(render_snippet(snippet, DIALECTS[dialect]) + printed)
    done = subprocess.run([program, str(file)], capture_output=True, cwd=tmp_path, timeout=60, check=False)
    pairs = [text for pair in snippet.set.items() for text in pair]
    wanted = [snippet.root, *snippet.watch, *snippet.bin, *pairs, snippet.prompt]
    assert done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1] == wanted
    assert done.stderr == b""
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["activation", "conda", "hook", "snippet"])
def test_fish_files_keep_to_what_fish_3_1_knows(name: str) -> None:
    code = [
        line.split(" #")[0] for line in read_template(DIALECTS["fish"], name).splitlines() if line.lstrip()[:1] != "#"
    ]
    found = {word: since for word, since in LATER_FISH.items() if any(word in line for line in code)}
    assert found == {}


def test_a_shell_that_is_not_interactive_takes_nothing_from_the_hook(shell: tuple[str, str], tmp_path: Path) -> None:
    dialect, program = shell
    file = tmp_path / "text"
    listing = b"\nfunctions\nset\n" if dialect == "zsh" else b"\nfunctions -n -a\nset -n\n"
    file.write_bytes(render_hook(DIALECTS[dialect], state_directory="/state", command=["pyve"]) + listing)
    done = subprocess.run([program, str(file)], capture_output=True, timeout=60, check=False)
    assert done.stdout
    assert b"pyve_" not in done.stdout.lower()
