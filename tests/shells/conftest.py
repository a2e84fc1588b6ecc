"""One shell under a pseudo-terminal for each dialect: `language`, `stage` (its state), `shell` (opens one)."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from pyve.activation.dialects import DIALECTS
from tests.support.activation_stage import Stage
from tests.support.shell_languages import LANGUAGES, SILENCE, UTF_8_LOCALE, ShellLanguage

if TYPE_CHECKING or sys.platform != "win32":
    from tests.support.shell_terminal import ShellTerminal

# A directory that any careless quoting runs, splits, or expands.
HOSTILE_NAME = 'it\'s "my" $(touch pwned) `touch pwned`; touch pwned & !! %n %(?.a.b) ~ *?[ab] {a,b} #\\ é🐍'
NOT_UTF_8 = b"caf\xe9 \xff$(touch pwned)".decode("utf-8", "surrogateescape")


class OpenShell(Protocol):
    """Opens the shell of this test (or another) in `cwd`, with pyve's hook between `before` and `after`."""

    def __call__(
        self,
        cwd: Path | None = None,
        *,
        before: Sequence[str] = (),
        after: Sequence[str] = (),
        variables: Mapping[str, str | None] | None = None,
        hooked: bool = True,
        prefix: Sequence[str] = (),
        arguments: Sequence[str] = (),
        other: ShellLanguage | None = None,
    ) -> "ShellTerminal": ...


@pytest.fixture(params=list(LANGUAGES))
def language(request: pytest.FixtureRequest, need_shell: Callable[[str], ShellLanguage]) -> ShellLanguage:
    """Each shell in turn."""
    return need_shell(request.param)


@pytest.fixture
def need_shell(need_program: Callable[[str], str]) -> Callable[[str], ShellLanguage]:
    """The adapter of a shell; skips where the shell is missing, and fails there when CI is set."""

    def find(name: str) -> ShellLanguage:
        if sys.platform == "win32":
            pytest.skip("pseudo-terminals are a thing of POSIX")
        language = LANGUAGES[name]
        if language.find_program() is None:
            need_program(name)
        return language

    return find


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A directory outside of all projects, where shells begin."""
    directory = tmp_path / "somewhere else"
    directory.mkdir()
    return directory


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """An empty state directory with the hooks."""
    return Stage.build(tmp_path / "user")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the first project lies: a directory with a hostile name; nothing is there yet."""
    return tmp_path / "projects" / HOSTILE_NAME


@pytest.fixture
def shell(tmp_path: Path, home: Path, base: Path, stage: Stage, language: ShellLanguage) -> Iterator[OpenShell]:
    """Opens shells; ends them, and fails the test when something that was only a name has been run."""
    opened: list[ShellTerminal] = []

    def open_shell(
        cwd: Path | None = None,
        *,
        before: Sequence[str] = (),
        after: Sequence[str] = (),
        variables: Mapping[str, str | None] | None = None,
        hooked: bool = True,
        prefix: Sequence[str] = (),
        arguments: Sequence[str] = (),
        other: ShellLanguage | None = None,
    ) -> ShellTerminal:
        chosen = other or language
        hook = [chosen.source(str(stage.hook(DIALECTS[chosen.name])))] if hooked else []
        joined = {**plain_variables(home), **(variables or {})}
        terminal = ShellTerminal(
            chosen,
            folder=tmp_path / "shells" / str(len(opened)),
            cwd=cwd or base,
            variables={name: value for name, value in joined.items() if value is not None},
            start_up="".join(f"{line}\n" for line in [*before, *hook, *after]),
            prefix=prefix,
            arguments=arguments,
        )
        opened.append(terminal)
        return terminal

    yield open_shell
    for terminal in opened:
        terminal.close()
    run = [path for top in (tmp_path, home) for path in top.rglob("pwned*")]
    assert run == [], f"a name was run as code: {run}"


def plain_variables(home: Path) -> dict[str, str]:
    """The environment that a terminal gives its shell."""
    return {
        "HOME": str(home),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TERM": "dumb",
        "LANG": UTF_8_LOCALE,
        "LC_ALL": UTF_8_LOCALE,
        "USER": "tester",
        **SILENCE,
    }
