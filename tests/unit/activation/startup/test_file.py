"""The line in a startup file: put in, found, and taken out to the byte."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyve.activation.dialects import DIALECTS
from pyve.activation.dialects.dialect import Dialect
from pyve.activation.startup.file import (
    find_startup_files,
    hook_file,
    lines_of_ours,
    put_line_in,
    render_sourcing_line,
    take_lines_out,
)
from pyve.activation.startup.notes import notes_on_startup_file
from pyve.errors import PathUnsupportedError

BASH = DIALECTS["bash"]
SDKMAN = b"#THIS MUST BE AT THE END OF THE FILE FOR SDKMAN TO WORK!!!\n"
PIECES = st.sampled_from(
    [
        *(b"alias ll='ls -l'", b"\n", b"\r\n", b"\r", b" ", b"\\", b"\xef\xbb\xbf", b"\xff\xfe\x00", b"if true; then"),
        *(b"# >>> pyve >>>", b"# >>> pyve (the line above had no newline) >>>", b"# <<< pyve <<<", SDKMAN),
        b"# >>> pyve >>>\nmine\n# <<< pyve <<<\n",
    ]
)
CONTENTS = st.one_of(st.binary(max_size=80), st.lists(PIECES, max_size=14).map(b"".join))
LINES = {name: render_sourcing_line(dialect, hook_file("/state", dialect)) for name, dialect in DIALECTS.items()}


@given(content=CONTENTS, name=st.sampled_from(list(DIALECTS)))
def test_what_is_put_in_comes_out_to_the_byte(content: bytes, name: str) -> None:
    dialect = DIALECTS[name]
    changed = put_line_in(content, dialect, LINES[name])
    assert lines_of_ours(changed, dialect) == (LINES[name],)
    assert put_line_in(changed, dialect, LINES[name]) == changed
    assert take_lines_out(changed, dialect) == content


@given(content=CONTENTS)
def test_the_line_of_another_state_directory_takes_the_place_of_the_first(content: bytes) -> None:
    other = render_sourcing_line(BASH, hook_file("/elsewhere", BASH))
    changed = put_line_in(put_line_in(content, BASH, LINES["bash"]), BASH, other)
    assert lines_of_ours(changed, BASH) == (other,)
    assert take_lines_out(changed, BASH) == content


def test_the_line_stands_above_what_must_be_last() -> None:
    changed = put_line_in(b"first\n" + SDKMAN + b"export SDKMAN_DIR=/opt", BASH, LINES["bash"])
    assert changed.endswith(b"# <<< pyve <<<\n" + SDKMAN + b"export SDKMAN_DIR=/opt")
    assert changed.startswith(b"first\n# >>> pyve >>>\n")


@pytest.mark.parametrize(("name", "ending"), [("bash", b"\n"), ("zsh", b"\n"), ("fish", b"\n"), ("pwsh", b"\r\n")])
def test_in_a_file_of_windows_lines_only_powershell_gets_such_a_line(name: str, ending: bytes) -> None:
    assert LINES[name] + ending in put_line_in(b"a\r\nb\r\n", DIALECTS[name], LINES[name])


def test_what_the_user_wrote_between_the_marks_stays() -> None:
    mixed = put_line_in(b"", BASH, LINES["bash"]).replace(LINES["bash"], LINES["bash"] + b"\nmine")
    assert b"mine\n" in take_lines_out(mixed, BASH)


def test_a_state_directory_with_a_line_break_is_refused() -> None:
    with pytest.raises(PathUnsupportedError):
        render_sourcing_line(BASH, hook_file("/state\nof mine", BASH))


def test_a_powershell_line_is_ascii_whatever_the_path_holds() -> None:
    hook: Any = PurePosixPath("C:/Us'ers/José 🐍/hook.ps1")  # which no system writes with other slashes
    line = render_sourcing_line(DIALECTS["pwsh"], hook)
    assert b"'C:/Us''ers/Jos' + [char]233 + ' ' + [char]55357 + [char]56333 + '/hook.ps1'" in line
    assert line.isascii()


@pytest.mark.posix("shells that read a startup file")
@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_line_sources_a_file_of_any_name(name: str, tmp_path: Path, need_program: Callable[[str], str]) -> None:
    shell = need_program(name)
    byte = "\udcff" if sys.platform == "linux" else "é"  # other systems keep names in UTF-8
    folder = tmp_path / f"it's \\ $(touch pwned) `touch pwned` {byte} !"
    folder.mkdir()
    hook = hook_file(os.fspath(folder), DIALECTS[name])
    script = tmp_path / "startup"
    script.write_bytes(b"set -eu\n" * (name != "fish") + render_sourcing_line(DIALECTS[name], hook) + b"\necho end\n")
    without = subprocess.run([shell, script], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert (without.returncode, without.stdout, without.stderr) == (0, "end\n", "")
    hook.write_text("echo sourced\n")
    sourced = subprocess.run([shell, script], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert (sourced.returncode, sourced.stdout, sourced.stderr) == (0, "sourced\nend\n", "")
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    ("name", "environment", "file"),
    [
        ("bash", {}, ".bashrc"),
        ("zsh", {}, ".zshrc"),
        ("zsh", {"ZDOTDIR": "/dot"}, "/dot/.zshrc"),
        ("fish", {}, ".config/fish/conf.d/pyve.fish"),
        ("fish", {"XDG_CONFIG_HOME": "/xdg"}, "/xdg/fish/conf.d/pyve.fish"),
        ("pwsh", {}, ".config/powershell/profile.ps1"),
    ],
)
def test_each_shell_has_its_startup_file(name: str, environment: dict[str, str], file: str) -> None:
    home = Path("/home/me")
    found = find_startup_files(DIALECTS[name], home=home, environment=environment, platform="linux")
    assert found == (home / file,)


def test_windows_has_a_profile_for_each_of_two_powershells() -> None:
    new, old = find_startup_files(DIALECTS["pwsh"], home=Path("/home/me"), environment={}, platform="win32")
    assert (new.parts[-2:], old.parts[-2:]) == (("PowerShell", "profile.ps1"), ("WindowsPowerShell", "profile.ps1"))


def notes(dialect: Dialect, home: Path, file: str) -> str:
    return "\n".join(notes_on_startup_file(dialect, home / file, home=home, platform="linux"))


@pytest.mark.parametrize("login_file", [".bash_profile", ".bash_login", ".profile"])
def test_a_login_file_that_does_not_read_bashrc_is_named(home: Path, login_file: str) -> None:
    (home / login_file).write_text("export EDITOR=vi\n")
    assert str(home / login_file) in notes(BASH, home, ".bashrc")
    (home / login_file).write_text(". ~/.bashrc\n")
    assert notes(BASH, home, ".bashrc") == ""


def test_without_a_login_file_the_one_to_make_is_named(home: Path) -> None:
    assert str(home / ".bash_profile") in notes(BASH, home, ".bashrc")


def test_a_directory_for_zsh_that_cannot_be_seen_from_outside_is_told(home: Path) -> None:
    zsh = DIALECTS["zsh"]
    (home / ".zshrc").write_text("compinit\n")
    assert notes(zsh, home, ".zshrc") == ""
    (home / ".zshenv").write_text("ZDOTDIR=~/.config/zsh\n")
    assert "ZDOTDIR=$ZDOTDIR pyve hook --install zsh" in notes(zsh, home, ".zshrc")


@pytest.mark.parametrize("text", ["", "# autoload -Uz compinit && compinit\n", "bindkey -e\n"])
def test_a_zsh_whose_own_completion_is_not_on_is_told_how_to_turn_it_on(home: Path, text: str) -> None:
    (home / ".zshrc").write_text(text)
    assert notes(DIALECTS["zsh"], home, ".zshrc").endswith("autoload -Uz compinit && compinit")


@pytest.mark.parametrize(
    "line",
    [
        "autoload -Uz compinit && compinit",
        "source $ZSH/oh-my-zsh.sh",
        'source "${ZDOTDIR:-$HOME}/.zprezto/init.zsh"',
        "source ~/.zinit/bin/zinit.zsh",
        "source ~/antigen.zsh",
        "source ${ZIM_HOME}/init.zsh",
        'eval "$(sheldon source)"',
    ],
)
def test_a_zsh_whose_completion_is_on_is_told_nothing(home: Path, line: str) -> None:
    (home / ".zshrc").write_text(f"{line}\n")
    assert notes(DIALECTS["zsh"], home, ".zshrc") == ""


def test_a_hook_that_is_evaluated_too_is_told(home: Path) -> None:
    (home / ".zshrc").write_text('eval "$(pyve hook zsh)"\n')
    assert "not needed any more" in notes(DIALECTS["zsh"], home, ".zshrc")
