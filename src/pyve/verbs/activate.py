"""`pyve activate`: what a shell evaluates to be inside the project's environment, without the hook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.activation.process_environment import expose_project
from pyve.activation.statements import render_activation, render_evaluation, render_exports
from pyve.errors import UsageError
from pyve.verbs.entry import find_entry
from pyve.verbs.outcome import Outcome
from pyve.verbs.shell_choice import ShellChoice, choose_dialect
from pyve.verbs.situation import Situation

_NAMING = "pyve activate --shell"


@dataclass(frozen=True, kw_only=True)
class ActivateRequest:
    """What is printed, and for which shell; `exports` asks for variables alone."""

    shell: ShellChoice = field(default_factory=ShellChoice)
    exports: bool = False


@dataclass(frozen=True, kw_only=True)
class ActivateResult:
    """`statements` are in the language of `shell`; the rest says the same for programs that are no shells.

    `path` are the directories to put first on PATH, the foremost first.
    """

    project: Path
    environment: Path
    shell: str
    statements: str
    path: tuple[str, ...]
    set: Mapping[str, str]
    unset: tuple[str, ...]


def activate(situation: Situation, request: ActivateRequest) -> Outcome[ActivateResult]:
    """Write the statements. Raises UsageError for a shell that is not known, and what find_entry does."""
    dialect = choose_dialect(request.shell, command=_NAMING)
    entry = find_entry(situation)
    snippet = entry.snippet
    if request.exports:
        before = situation.environment
        statements = render_exports(dialect, before, expose_project(before, snippet))
    else:
        statements = render_activation(dialect, snippet)
    data = ActivateResult(
        project=entry.root,
        environment=entry.environment,
        shell=dialect.name,
        statements=statements,
        path=snippet.bin,
        set=snippet.set,
        unset=snippet.unset,
    )
    return Outcome(data=data, notes=(entry.notice,) if entry.notice else ())


def refuse_terminal(request: ActivateRequest, *, project: str | None) -> UsageError:
    """The error where the statements would be shown to a person, with the line that person meant to type."""
    dialect = choose_dialect(request.shell, command=_NAMING)
    words = ["pyve", "activate"]
    words += ["--project", project] if project else []
    words += ["--shell", request.shell.named] if request.shell.named else []
    return UsageError(
        "What this prints is for the shell to evaluate; on a terminal it does nothing.",
        hint=render_evaluation(dialect, words),
    )
