"""What a user should know of a startup file that a hook is put into: which shells do not read it."""

import re
from pathlib import Path

from pyve.activation.dialects.dialect import Dialect
from pyve.activation.startup.file import find_evaluating_line

_LOGIN_FILES = (".bash_profile", ".bash_login", ".profile")  # bash(1), INVOCATION: the first that can be read
# What calls zsh's completion, by itself or in a framework: its name in a line that is no comment.
_COMPLETES_IN_ZSH = re.compile(
    rb"^[^#\n]*(compinit|oh-my-zsh|prezto|zinit|zplug|zgen|antigen|antibody|antidote|zim_home|zimfw|zcomet|sheldon|znap)",
    re.MULTILINE | re.IGNORECASE,
)
_SETS_ZDOTDIR = re.compile(rb"^\s*(?:export\s+|typeset\s.*)?ZDOTDIR=", re.MULTILINE)


def notes_on_startup_file(dialect: Dialect, file: Path, *, home: Path, platform: str) -> tuple[str, ...]:
    """Sentences about `file`; none where every interactive shell reads it once."""
    notes = []
    if dialect.name == "bash":
        notes += _note_on_login_shells(home)
    if dialect.name == "zsh" and file.parent == home and _SETS_ZDOTDIR.search(_read(home / ".zshenv")):
        told = f"{home / '.zshenv'} sets ZDOTDIR, which pyve cannot see. Where zsh reads another .zshrc, type in it:"
        notes.append(f"{told} ZDOTDIR=$ZDOTDIR pyve hook --install zsh")
    if dialect.name == "zsh" and not _COMPLETES_IN_ZSH.search(_read(file)):
        told = f"TAB completes pyve where zsh's own completion is on, and {file} does not turn it on."
        notes.append(f"{told} To do so, add to it: autoload -Uz compinit && compinit")
    if dialect.name == "pwsh" and platform == "win32" and file.parent.name == "WindowsPowerShell":
        notes.append(
            "Windows PowerShell loads a profile only where its execution policy allows scripts: "
            "Set-ExecutionPolicy -Scope CurrentUser RemoteSigned"
        )
    if find_evaluating_line(_read(file)) is not None:
        notes.append(f"{file} also has a line with `pyve hook`, which is not needed any more: take it out.")
    return tuple(notes)


def _note_on_login_shells(home: Path) -> list[str]:
    """Login shells (every terminal of macOS, ssh) read one other file alone, which usually sources .bashrc."""
    present = [home / name for name in _LOGIN_FILES if (home / name).is_file()]
    if present and b"bashrc" in _read(present[0]):
        return []
    file = present[0] if present else home / _LOGIN_FILES[0]
    lacks = "does not read" if present else "is not there to read"
    told = f"Login shells of bash (ssh, every terminal of macOS) start with {file}, which {lacks} ~/.bashrc."
    return [f"{told} Add to it: if [ -r ~/.bashrc ]; then . ~/.bashrc; fi"]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes() if file.is_file() else b""
    except OSError:
        return b""
