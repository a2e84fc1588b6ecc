"""How the scenarios speak to each shell: one small adapter per dialect, so that a scenario is written once."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pyve.activation.dialects import DIALECTS

# Prints the whole environment, NUL-separated, whatever PATH is.
ENVIRONMENT_PRINTER: tuple[str, ...] = (
    ("/usr/bin/env", "-0")
    if sys.platform == "linux"
    else (
        sys.executable,
        "-I",
        "-S",
        "-c",
        r"import os; os.write(1, b'\0'.join(b'='.join(i) for i in os.environb.items()))",
    )
)

# One that is there: macOS has had C.UTF-8 only since its later versions.
UTF_8_LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
# Without it the bash of macOS begins with three lines on zsh.
SILENCE: Mapping[str, str] = {"BASH_SILENCE_DEPRECATION_WARNING": "1"} if sys.platform == "darwin" else {}


@dataclass(frozen=True, kw_only=True)
class StartUp:
    """What starts an interactive shell: its words, and the variables it needs."""

    words: tuple[str, ...]
    variables: Mapping[str, str]


class ShellLanguage(Protocol):
    """One shell, as far as scenarios need it. Every method but the first two gives shell text."""

    @property
    def name(self) -> str:
        """The dialect's name."""
        ...

    @property
    def follows_cd_at_once(self) -> bool:
        """Whether `cd here && command` gives the command the environment; bash waits for the next prompt."""
        ...

    def find_program(self) -> str | None:
        """The shell's path."""
        ...

    def start_up(self, program: str, folder: Path, text: str, arguments: Sequence[str] = ()) -> StartUp:
        """Write `text` as the start-up file into `folder`; the prompt that waits for a command ends in `[ready N] `."""
        ...

    def source(self, path: str) -> str:
        """Read a file of commands."""
        ...

    def export(self, name: str, value: str) -> str:
        """Set and export a variable."""
        ...

    def unset(self, name: str) -> str:
        """Take a variable away."""
        ...

    def print_environment(self, path: str) -> str:
        """All exported variables into a file, NUL-separated."""
        ...

    def print_state(self, path: str) -> str:
        """Options, functions, aliases, traps, prompt and the names of all variables into a file."""
        ...

    def define_function(self, name: str, body: str) -> str:
        """A function of the user's."""
        ...

    def bind_key_to_cd(self, directory: str) -> str:
        """Let Ctrl-G change the directory while a command line is being written."""
        ...

    def follow_prompt_and_cd(self, name: str) -> str:
        """Have a function called at each prompt, after what is called already, and at cd where the shell can."""
        ...

    def show_statuses(self) -> str:
        """Print the status of the last command, and those of its parts, as `s=4 p=3 4`."""
        ...

    def prompt_with_status(self) -> str:
        """Have `s=<status> ` in the prompt."""
        ...


def quote(language: ShellLanguage, value: str) -> str:
    """One word of the shell."""
    return DIALECTS[language.name].quote(value)


@dataclass(frozen=True)
class BashLanguage:
    """The `bash` on PATH, or the one that PYVE_TEST_BASH names (macOS has 3.2 as /bin/bash)."""

    name: str = "bash"
    follows_cd_at_once: bool = False

    def find_program(self) -> str | None:
        return shutil.which(os.environ.get("PYVE_TEST_BASH") or "bash")

    def start_up(self, program: str, folder: Path, text: str, arguments: Sequence[str] = ()) -> StartUp:
        file = folder / "bashrc"
        write_shell_text(file, "PS1='[ready \\#] '\nunset HISTFILE\n" + text)
        return StartUp(words=(program, "--noprofile", "--rcfile", str(file), *arguments, "-i"), variables={})

    def source(self, path: str) -> str:
        return f". {quote(self, path)}"

    def export(self, name: str, value: str) -> str:
        return f"export {name}={quote(self, value)}"

    def unset(self, name: str) -> str:
        return f"unset -v {name}"

    def print_environment(self, path: str) -> str:
        return f"{_printer()} >{quote(self, path)}"

    def print_state(self, path: str) -> str:
        listings = ("set +o", "shopt -p", "alias", "trap -p", "declare -f", "declare -p PS1 PROMPT_COMMAND")
        listing = "; ".join(f"\\builtin {words} || :" for words in (*listings, "echo VARIABLES", "compgen -v"))
        return f"{{ {listing}; }} >{quote(self, path)} 2>&1"

    def define_function(self, name: str, body: str) -> str:
        return f"{name}() {{ {body}; }}"

    def bind_key_to_cd(self, directory: str) -> str:
        return f"__go() {{ cd {quote(self, directory)}; }}; bind -x '\"\\C-g\": __go'"

    def follow_prompt_and_cd(self, name: str) -> str:
        return f'PROMPT_COMMAND="${{PROMPT_COMMAND%;}}; {name}"'  # of a list, that is the first one

    def show_statuses(self) -> str:
        return 'echo "s=$? p=${PIPESTATUS[*]}"'

    def prompt_with_status(self) -> str:
        return "PS1='s=$? '$PS1"


@dataclass(frozen=True)
class ZshLanguage:
    """The `zsh` on PATH, with a ZDOTDIR of its own and without the machine's files."""

    name: str = "zsh"
    follows_cd_at_once: bool = True

    def find_program(self) -> str | None:
        return shutil.which(os.environ.get("PYVE_TEST_ZSH") or "zsh")

    def start_up(self, program: str, folder: Path, text: str, arguments: Sequence[str] = ()) -> StartUp:
        prompt = "unsetopt prompt_sp prompt_cr\nPS1='[ready %h] '\n"
        write_shell_text(folder / ".zshrc", prompt + text)
        return StartUp(words=(program, "-d", *arguments, "-i"), variables={"ZDOTDIR": str(folder)})

    def source(self, path: str) -> str:
        return f". {quote(self, path)}"

    def export(self, name: str, value: str) -> str:
        return f"export {name}={quote(self, value)}"

    def unset(self, name: str) -> str:
        return f"unset -v {name}"

    def print_environment(self, path: str) -> str:
        return f"{_printer()} >{quote(self, path)}"

    def print_state(self, path: str) -> str:
        prompts = 'print -r -- PROMPTS "${(q@)PS1}" "${(q@)precmd_functions}" "${(q@)chpwd_functions}" "${(q@)psvar}"'
        listings = ("set +o", "alias -L", "trap", "functions", prompts, "print VARIABLES", "typeset +")
        listing = "; ".join(f"\\builtin {words} || :" for words in listings)
        return f"{{ {listing}; }} >{quote(self, path)} 2>&1"

    def define_function(self, name: str, body: str) -> str:
        return f"{name}() {{ {body}; }}"

    def bind_key_to_cd(self, directory: str) -> str:
        return f"__widget() {{ cd {quote(self, directory)}; }}; zle -N __widget; bindkey '^G' __widget"

    def follow_prompt_and_cd(self, name: str) -> str:
        return f"precmd_functions+=({name}); chpwd_functions+=({name})"

    def show_statuses(self) -> str:
        return 'echo "s=$? p=${pipestatus[*]}"'

    def prompt_with_status(self) -> str:
        return "PS1='s=%? '$PS1"


@dataclass(frozen=True)
class FishLanguage:
    """The `fish` on PATH, with an XDG_CONFIG_HOME of its own."""

    name: str = "fish"
    follows_cd_at_once: bool = True

    def find_program(self) -> str | None:
        return shutil.which(os.environ.get("PYVE_TEST_FISH") or "fish")

    def start_up(self, program: str, folder: Path, text: str, arguments: Sequence[str] = ()) -> StartUp:
        for made in ("completions", "conf.d", "functions"):  # or fish starts mkdir
            (folder / "fish" / made).mkdir(parents=True, exist_ok=True)
        prompt = (
            "set -g fish_greeting\nset -g fish_history ''\nset -g __ready 1\n"
            "set -g FISH_UNIT_TESTS_RUNNING 1\n"  # or it reads all manual pages of the machine, in each new home
            "function __count --on-event fish_postexec; set -g __ready (math $__ready + 1); end\n"
            "function fish_prompt; printf '[ready %s] ' $__ready; end\n"
        )
        write_shell_text(folder / "fish" / "config.fish", prompt + text)
        return StartUp(words=(program, *arguments, "-i"), variables={"XDG_CONFIG_HOME": str(folder)})

    def source(self, path: str) -> str:
        return f"source {quote(self, path)}"

    def export(self, name: str, value: str) -> str:
        return f"set -gx {name} {quote(self, value)}"

    def unset(self, name: str) -> str:
        return f"set -e {name}"

    def print_environment(self, path: str) -> str:
        return f"{_printer()} >{quote(self, path)}"

    def print_state(self, path: str) -> str:
        listing = "functions -n -a; functions fish_prompt; functions deactivate; trap; abbr; echo VARIABLES; set -n"
        return f"begin; {listing}; end >{quote(self, path)} 2>&1"

    def define_function(self, name: str, body: str) -> str:
        return f"function {name}; {body}; end"

    def bind_key_to_cd(self, directory: str) -> str:
        return "bind \\cg " + quote(self, f"cd {quote(self, directory)}")

    def follow_prompt_and_cd(self, name: str) -> str:
        return f"function {name}_too --on-event fish_prompt --on-variable PWD; {name}; end"

    def show_statuses(self) -> str:
        return 'echo "s=$status p=$pipestatus"'

    def prompt_with_status(self) -> str:
        return "functions -c fish_prompt __ready; function fish_prompt; printf 's=%s ' $status; __ready; end"


LANGUAGES: Mapping[str, ShellLanguage] = {
    language.name: language for language in (BashLanguage(), ZshLanguage(), FishLanguage())
}


def write_shell_text(path: Path, text: str) -> None:
    """Write commands to a file; what stands for a raw byte becomes that byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))


def lines(commands: Iterable[str]) -> str:
    """Commands, one a line."""
    return "".join(f"{command}\n" for command in commands)


def _printer() -> str:
    return shlex.join(ENVIRONMENT_PRINTER)
