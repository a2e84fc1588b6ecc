"""A real interactive shell under a pseudo-terminal. It waits for prompts, never for time to pass."""

import contextlib
import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.shell_languages import ShellLanguage, quote, write_shell_text

if TYPE_CHECKING or sys.platform != "win32":  # scenarios import this everywhere
    import pexpect

TIMEOUT_SECONDS = 60
MARKER = re.compile(rb"\[ready (\d+)\] ")
# What a cd or a command itself changes; the last ones are fish's own.
VOLATILE = frozenset({"_", "OLDPWD", "PWD", "PIPESTATUS", "dirprev", "dirnext", "__fish_cd_direction"})
# What fish writes before each prompt, and what switches a terminal's modes.
DECORATION = re.compile(r"\u23ce *\r\u23ce *\r(\x1b\[K)?|\x1b\[\?\d+[hl]|\r")
OWN_STATE = re.compile(r"^_?_?pyve_|^__pyve_|^_PYVE_HOOK$")


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A shell at one prompt: what it exports, and its options, functions, aliases, traps and prompt as text."""

    environment: Mapping[str, str]
    state: str

    @property
    def path(self) -> str | None:
        """PATH."""
        return self.environment.get("PATH")

    @property
    def comparable(self) -> tuple[dict[str, str], str]:
        """What must be as it was after entering and leaving: all but the directory itself."""
        kept = {
            name: value
            for name, value in self.environment.items()
            if name not in VOLATILE and not name.startswith("__pyve_")  # exported under `set -a`
        }
        return kept, self.state


class ShellTerminal:
    """One shell. `do` runs commands from a file, `type` what a person would type; both return what was shown."""

    def __init__(
        self,
        language: ShellLanguage,
        *,
        folder: Path,
        cwd: Path,
        variables: Mapping[str, str],
        start_up: str,
        prefix: Sequence[str] = (),
        arguments: Sequence[str] = (),
    ) -> None:
        program = language.find_program()
        assert program is not None
        folder.mkdir(parents=True)
        self.language = language
        self.prompt_prefix = ""
        self.start_up_file = folder / "start-up" / "bashrc"
        self._folder = folder
        self._steps = 0
        self._seen = 0
        start = language.start_up(program, folder / "start-up", start_up, arguments)
        words = [*prefix, *start.words]
        environment: Any = {**variables, **start.variables}
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            words[0],
            words[1:],
            cwd=os.fspath(cwd),
            env=environment,
            dimensions=(50, 3000),
            timeout=TIMEOUT_SECONDS,
        )
        self._child.delaybeforesend = None
        self.greeting = self._wait()

    def do(self, *commands: str) -> str:
        """Run commands, which the shell reads from a file (so that no line editor and no history sees them)."""
        return self.type(self.language.source(self._write("step", "".join(f"{command}\n" for command in commands))))

    def type(self, line: str) -> str:
        """Type one line; returns what was shown up to the next prompt, the line itself left out."""
        self._child.send(os.fsencode(line) + b"\r")
        return self._wait().partition("\n")[2]

    def press(self, keys: str) -> None:
        """Send keys and do not wait."""
        self._child.send(keys.encode())

    def expect(self, text: str) -> None:
        """Wait for a text that is shown while a command runs."""
        self._child.expect_exact(text.encode())

    def cd(self, directory: Path | str) -> str:
        """Change the directory, as a person does."""
        return self.do(f"cd {quote(self.language, os.fspath(directory))}")

    def prompt(self) -> str:
        """One more prompt."""
        return self.do(":" if self.language.name != "fish" else "true")

    def environment(self, *then: str) -> dict[str, str]:
        """What a command started now is given; commands of `then` are run behind, before the next prompt."""
        path = self._new_file("environment")
        self.do(self.language.print_environment(str(path)), *then)
        return read_environment(path)

    def snapshot(self, *first: str) -> Snapshot:
        """The shell at this prompt, or after the commands of `first`."""
        environment, state = self._new_file("environment"), self._new_file("state")
        self.do(*first, self.language.print_environment(str(environment)), self.language.print_state(str(state)))
        return Snapshot(
            environment=read_environment(environment), state=_tidy(state.read_text("utf-8", "surrogateescape"))
        )

    def path(self) -> list[str]:
        """The entries of PATH."""
        return self.environment().get("PATH", "").split(":")

    def close(self) -> None:
        """End the shell."""
        child: Any = self._child
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        child.ptyproc.delayafterclose = child.delayafterclose = 0  # it is gone: nothing to wait for
        child.close(force=True)

    def restart(self, line: str) -> str:
        """Type what replaces the shell by another, or ends one inside: prompts are counted from the start again."""
        self._seen = 0
        self._child.send(os.fsencode(line) + b"\r")
        return self._wait()

    def _wait(self) -> str:
        shown = b""
        while True:
            try:
                self._child.expect(MARKER)
            except (pexpect.EOF, pexpect.TIMEOUT) as error:
                kind = type(error).__name__
                text = (shown + (self._child.before or b"")).decode("utf-8", "backslashreplace")
                raise AssertionError(f"{self.language.name}: {kind} before the next prompt; shown:\n{text}") from None
            match: Any = self._child.match
            shown += self._child.before or b""
            number = int(match[1])
            if number > self._seen:
                self._seen = number
                start = max(shown.rfind(b"\n"), shown.rfind(b"\r")) + 1
                self.prompt_prefix = _decode(shown[start:])
                return _decode(shown[:start])
            shown += match[0]

    def _write(self, name: str, text: str) -> str:
        path = self._new_file(name)
        write_shell_text(path, text)
        return str(path)

    def _new_file(self, name: str) -> Path:
        self._steps += 1
        return self._folder / f"{name}-{self._steps}"


def _decode(shown: bytes) -> str:
    return DECORATION.sub("", shown.decode("utf-8", "surrogateescape"))


def read_environment(path: Path) -> dict[str, str]:
    """The variables in a file of NUL-separated assignments."""
    assignments = path.read_bytes().split(b"\0")
    pairs = (os.fsdecode(assignment).partition("=") for assignment in assignments if assignment)
    return {name: value for name, _, value in pairs}


def _tidy(text: str) -> str:
    """Without the hook's own memory: the names of its variables."""
    head, _, names = text.partition("VARIABLES\n")
    head = re.sub(r"(?m)^# Defined .*\n", "", head)  # fish says where a function is from
    kept = sorted({name.split()[-1] for name in names.splitlines() if name.strip()} - VOLATILE)
    return head + "\n".join(name for name in kept if not OWN_STATE.search(name))
