"""Real shells with the real pyve on their PATH: scripts, and terminals (POSIX)."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.docs.page_run import put_pyve_on_path
from tests.support.project_bench import TIMEOUT_SECONDS, ProjectBench
from tests.support.shell_languages import LANGUAGES, SILENCE, UTF_8_LOCALE

if TYPE_CHECKING:
    from tests.support.shell_terminal import ShellTerminal

# What shells and commands change by themselves, and what a hook says of itself.
OF_THE_SHELL = frozenset({"_", "PWD", "OLDPWD", "SHLVL", "_PYVE_HOOK"})
_WITHOUT_STARTUP_FILES = {"zsh": ["-f"], "fish": ["--no-config"]}


@dataclass(frozen=True, kw_only=True)
class RealShell:
    """The shell called `name`; `folder` is this test's own. `also_on_path` are directories of programs it needs."""

    name: str
    bench: ProjectBench
    folder: Path
    also_on_path: tuple[str, ...] = ()

    @property
    def variables(self) -> dict[str, str]:
        """The environment that a terminal would give it."""
        programs = self.folder / "programs"
        programs.mkdir(parents=True, exist_ok=True)
        return {
            **self.bench.environment,
            "HOME": str(self.bench.home),
            "PATH": os.pathsep.join(dict.fromkeys([*put_pyve_on_path(programs).split(os.pathsep), *self.also_on_path])),
            "TERM": "dumb",
            "LANG": UTF_8_LOCALE,
            **SILENCE,
            "USER": "tester",
            "LOGNAME": "tester",
        }

    def run(self, *lines: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
        """Run a script without start-up files, in the project's directory."""
        return subprocess.run(
            [self._find_program(), *_WITHOUT_STARTUP_FILES.get(self.name, []), "-c", "\n".join(lines)],
            cwd=cwd or self.bench.project,
            env={**self.variables, "PWD": str(cwd or self.bench.project)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=TIMEOUT_SECONDS,
            check=False,
        )

    def _find_program(self) -> str:
        """Its path: the PATH that it gets may lack it (Homebrew's fish)."""
        language = LANGUAGES.get(self.name)
        return (language.find_program() if language else None) or self.name

    def open(self, *start_up: str, cwd: Path | None = None, inside: Path | None = None) -> "ShellTerminal":
        """An interactive one, whose start-up file has these lines; opened by `pyve shell` in the project `inside`."""
        from tests.support.shell_terminal import ShellTerminal

        return ShellTerminal(
            LANGUAGES[self.name],
            folder=self.folder / "terminal",
            cwd=cwd or self.folder,
            variables=self.variables,
            start_up="".join(f"{line}\n" for line in start_up),
            prefix=(self._write_opener(inside),) if inside else (),
        )

    def _write_opener(self, project: Path) -> str:
        """A program that opens the shell of its arguments through `pyve shell`, which takes one word for a shell."""
        opener, shell = self.folder / "open", self.folder / "shell to open"
        text = (
            f"#!{sys.executable}\nimport os, shlex, sys\n"
            f"shell = {os.fspath(shell)!r}\nopen(shell, 'w').write('#!/bin/sh\\nexec ' + shlex.join(sys.argv[1:]))\n"
            f"os.chmod(shell, 0o755)\n"
            f"os.execvp('pyve', ['pyve', '--project', {os.fspath(project)!r}, 'shell', '--shell', shell])\n"
        )
        opener.write_text(text, encoding="utf-8")
        opener.chmod(0o755)
        return os.fspath(opener)

    def save_environment(self, file: Path) -> str:
        """The command that writes the environment for `read_saved`."""
        return LANGUAGES[self.name].print_environment(os.fspath(file))


def read_saved(file: Path) -> dict[str, str]:
    """The environment in a file, without what shells change by themselves."""
    pairs = (os.fsdecode(item).partition("=") for item in file.read_bytes().split(b"\0") if item)
    return {name: value for name, _, value in pairs if name not in OF_THE_SHELL}


def plain(environment: dict[str, str], *, without: Sequence[str] = ()) -> dict[str, str]:
    """An environment without what shells change by themselves, and without the names given."""
    return {name: value for name, value in environment.items() if name not in OF_THE_SHELL.union(without)}
