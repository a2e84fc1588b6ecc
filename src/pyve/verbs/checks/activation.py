"""The hook, examined: in the startup files that should load it, and in the shell that started pyve."""

import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyve.activation.calling_shell import LoadedHook, find_entered_root, find_loaded_hook
from pyve.activation.dialects import DIALECTS
from pyve.activation.dialects.dialect import Dialect
from pyve.activation.startup.file import (
    find_damage,
    find_evaluating_line,
    find_startup_files,
    hook_file,
    lines_after_block,
    lines_of_ours,
    render_loading_words,
    render_sourcing_line,
)
from pyve.activation.startup.installed_hooks import render_installed_hooks
from pyve.activation.startup.ledger import read_startup_ledger
from pyve.project.some_names import show_some
from pyve.verbs.checks.findings import Fact, Finding, Part, found
from pyve.verbs.shell_choice import find_dialect
from pyve.verbs.situation import Situation

# Where a hook may be evaluated besides the file that it is installed in.
_MORE_FILES: Mapping[str, tuple[str, ...]] = {
    "bash": (".bash_profile", ".bash_login", ".profile"),
    "zsh": (".zprofile", ".zlogin", ".zshenv"),
    "fish": (".config/fish/config.fish",),
}
# What puts something else in the hook's place when it comes after it.
_TAKES_THE_PROMPT: Mapping[str, re.Pattern[bytes]] = {
    "bash": re.compile(rb"^\s*(export\s+|declare\s.*)?PROMPT_COMMAND=(?!.*\$\{?PROMPT_COMMAND)"),
    "zsh": re.compile(rb"^\s*(typeset\s.*)?(precmd|chpwd)_functions=(?!.*\$\{?\w+_functions)"),
    "fish": re.compile(rb"^\s*functions\s+(-e|--erase)\b"),
    "pwsh": re.compile(rb"^\s*function\s+(global:)?prompt\b", re.IGNORECASE),
}
_THEMES = re.compile(rb"^[^#]*\b(starship|oh-my-posh)(\.exe)?['\"]? init\b")


@dataclass(frozen=True, kw_only=True)
class CallingShell:
    """The shell that a person typed `pyve check` in: its name, and the process that started pyve."""

    name: str
    process: int


def examine_startup_files(situation: Situation, command: Sequence[str]) -> Iterator[Finding]:
    """Whether what the startup files of all shells hold of ours leads to the hook of this pyve."""
    rendered = render_installed_hooks(situation.state_directory, command)
    for dialect in DIALECTS.values():
        hook = hook_file(situation.state_directory, dialect)
        expected = render_sourcing_line(dialect, hook)
        install = f"pyve hook --install {dialect.name}"
        for file in _files_of(dialect, situation):
            content = _read(file)
            ours = lines_of_ours(content, dialect)
            damage = find_damage(content, file, then=install)
            if damage is not None:
                yield found("startup-block-damaged", damage.message, hint=damage.hint or install)
            if expected in ours and not hook.is_file():
                yield found("hook-file-missing", f"{file} loads {hook}, which is not there.", hint=install)
            elif ours and expected not in ours:
                message = f"{file} loads the hook of another state directory than {situation.state_directory}."
                yield found("hook-elsewhere", message, hint=install)
        if hook in rendered and _read(hook) != rendered[hook]:
            yield found("hook-outdated", f"{hook} was written by another version of pyve.", hint=install)


def examine_calling_shell(
    situation: Situation, shell: CallingShell, *, active_root: str | None
) -> Iterator[Finding | Fact]:
    """Whether the shell has the hook, and the hook does its work in the project `active_root` (None: nothing to do)."""
    dialect = find_dialect(shell.name)
    if dialect is None:
        yield Fact(part=Part.MACHINE, name="hook", value=f"none for {shell.name}")
        return
    loaded = find_loaded_hook(situation.environment)
    is_here = loaded == LoadedHook(shell=dialect.name, process=str(shell.process))
    state = "loaded" if is_here else f"loaded by process {loaded.process}" if loaded else "not loaded"
    yield Fact(part=Part.MACHINE, name="hook", value=f"{dialect.name}, {state}")
    if is_here:
        if active_root is not None and find_entered_root(situation.environment) is None:
            yield _not_active(dialect, situation, active_root)
        return
    hook = hook_file(situation.state_directory, dialect)
    line = render_sourcing_line(dialect, hook)
    if any(line in lines_of_ours(_read(file), dialect) for file in _files_of(dialect, situation)):
        # One of the same shell that another process has loaded: this is a child of it, or of a program in between.
        if (loaded is None or loaded.shell != dialect.name) and hook.is_file():
            told = "has not loaded the hook that its startup file names; it may be older than that"
            yield found("hook-not-loaded", f"This {dialect.name} {told}.", hint=render_loading_words(dialect, hook))
    elif loaded is None and not _is_evaluated(dialect, situation):
        message = f"{dialect.name} does not load the hook: nothing is activated on cd."
        yield found("hook-not-installed", message, hint=f"pyve hook --install {dialect.name}")


def _not_active(dialect: Dialect, situation: Situation, root: str) -> Finding:
    suspects = [line for file in _files_of(dialect, situation) for line in _suspects(dialect, file)]
    if suspects:
        message = f"The hook is loaded, and {root} is not activated: what comes after it may take the prompt from it."
        hint = f"move the block of pyve below this: {show_some(suspects)}"
        return found("hook-lost", message, hint=hint)
    message = f"The hook is loaded, and {root} is not activated: after `deactivate`, or before the next prompt."
    # Two lines: a hook that acts at the prompt alone does not see where a single line has been in between.
    again = f"on two lines: cd / , then cd {shlex.quote(root)}; or open a new shell there"
    return found("project-not-active", message, hint=again)


def _suspects(dialect: Dialect, file: Path) -> Iterator[str]:
    content = _read(file)
    ours = lines_of_ours(content, dialect)
    line = ours[-1] if ours else find_evaluating_line(content)
    if line is None:
        return
    first = content.partition(line)[0].count(b"\n") + 1
    for number, after in enumerate(lines_after_block(content, line), start=first + 1):
        if _TAKES_THE_PROMPT[dialect.name].search(after) or _THEMES.search(after):
            yield f"{file}:{number}: {os.fsdecode(after.strip())}"


def _is_evaluated(dialect: Dialect, situation: Situation) -> bool:
    more = [situation.home / name for name in _MORE_FILES.get(dialect.name, ())]
    return any(find_evaluating_line(_read(file)) for file in [*_files_of(dialect, situation), *more])


def _files_of(dialect: Dialect, situation: Situation) -> tuple[Path, ...]:
    """The startup files that the ledger knows, and the usual ones."""
    noted = [entry.file for entry in read_startup_ledger(situation.state_directory) if entry.shell == dialect.name]
    usual = find_startup_files(dialect, home=situation.home, environment=situation.environment, platform=sys.platform)
    return tuple(dict.fromkeys([*noted, *usual]))


def _read(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""
