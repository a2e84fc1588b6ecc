"""The names that no repository may set, held against what real shells keep for themselves."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pyve.project.variable_risks import is_variable_name, tell_why_ask, tell_why_never

NeedProgram = Callable[[str], str]

# Special in zsh, and harmless to anything but looks and completion; TERM is asked for.
HARMLESS_IN_ZSH = {"MANPATH", "WATCH", "TERM", "FIGNORE", "LANG", "WORDCHARS", "KEYTIMEOUT"}


def names_of(command: list[str], cwd: Path) -> set[str]:
    printed = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=True).stdout
    return {name for name in printed.split() if is_variable_name(name)}


def may_be_set(names: set[str]) -> set[str]:
    return {name for name in names if tell_why_never(name) is None}


@pytest.mark.posix("shells")
def test_what_zsh_keeps_for_itself_is_refused(need_program: NeedProgram, tmp_path: Path) -> None:
    code = "zmodload zsh/parameter zsh/mapfile; print -l ${(k)parameters[(R)*(special|readonly)*]}"
    names = names_of([need_program("zsh"), "-fc", code], tmp_path)
    assert {"PATH", "path", "USERNAME"} <= names
    assert may_be_set(names) - {name for name in names if name.startswith("LC_")} <= HARMLESS_IN_ZSH


@pytest.mark.posix("shells")
def test_what_bash_keeps_for_itself_is_refused(need_program: NeedProgram, tmp_path: Path) -> None:
    code = 'readonly -p | while read -r _ _ name; do echo "${name%%=*}"; done; compgen -v BASH; compgen -v PS'
    names = names_of([need_program("bash"), "--norc", "-c", code], tmp_path)
    assert {"SHELLOPTS", "UID", "BASH_VERSION"} <= names
    assert may_be_set(names) == set()


@pytest.mark.posix("shells")
def test_what_fish_does_not_let_anyone_set_is_refused(need_program: NeedProgram, tmp_path: Path) -> None:
    code = "for name in (set --names); set -g $name x 2>/dev/null; or echo $name; end"
    names = names_of([need_program("fish"), "--no-config", "-c", code], tmp_path)
    assert {"status", "version"} <= names
    assert may_be_set(names) == set()


@pytest.mark.parametrize("name", ["PATH", "Path", "path", "Ld_Preload", "bash_env", "ps1", "Fish_Prompt"])
def test_capitals_make_no_difference(name: str) -> None:
    assert tell_why_never(name)


@pytest.mark.parametrize(
    "name", ["PATHS", "MY_PATH", "HOMEPAGE", "ENVIRONMENT", "PS", "VERSION", "STATUS", "SHELLS", "IFSX"]
)
def test_a_name_that_only_begins_alike_is_the_projects_own(name: str) -> None:
    assert tell_why_never(name) is None
    assert tell_why_ask(name) is None


@pytest.mark.parametrize(
    "name", ["STARSHIP_CONFIG", "POWERLINE_COMMAND", "POSH_THEME", "CONDARC", "STTY", "__PSLockdownPolicy"]
)
def test_what_runs_at_every_prompt_or_moves_the_files_of_others_is_refused(name: str) -> None:
    assert tell_why_never(name)


@pytest.mark.parametrize(
    "name",
    [
        *("MAKEFILES", "GNUMAKEFLAGS", "TAR_OPTIONS", "LESSKEY_CONTENT", "LESSKEYIN", "DBUS_SESSION_BUS_ADDRESS"),
        *("COVERAGE_PROCESS_START", "PYENV_ROOT", "FZF_DEFAULT_OPTS", "RIPGREP_CONFIG_PATH", "GOENV", "VIM"),
        *("GETCONF_DIR", "AWKLIBPATH", "KUBE_EDITOR", "SYSTEMD_EDITOR", "VIRTUALENV_CONFIG_FILE", "GNUPGHOME"),
        *("PSQLRC", "COMPILER_PATH", "PKG_CONFIG", "CCACHE_PREFIX", "RSYNC_CONNECT_PROG", "AWS_ENDPOINT_URL_S3"),
    ],
)
def test_what_makes_programs_run_others_or_talk_to_others_is_asked_about(name: str) -> None:
    assert tell_why_ask(name)


@pytest.mark.parametrize(
    "name", ["GH_TOKEN", "TF_CPP_MIN_LOG_LEVEL", "VK_TOKEN", "GS_BUCKET_NAME", "MALLOC_ARENA_MAX", "NODE_ENV", "PERIOD"]
)
def test_what_projects_set_every_day_is_not_asked_about(name: str) -> None:
    assert tell_why_never(name) is None
    assert tell_why_ask(name) is None
