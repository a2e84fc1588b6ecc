"""`pyve activate`: what a shell evaluates to be inside the project's environment, without the hook."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.activation.dialects.dialect import Dialect
from pyve.activation.process_environment import expose_project
from pyve.activation.statements import render_activation, render_evaluation, render_exports
from pyve.errors import UsageError
from pyve.system.shell_detection import DetectedShell
from pyve.verbs.entry import find_entry
from pyve.verbs.hook_text import choose_dialect
from pyve.verbs.outcome import Outcome
from pyve.verbs.situation import Situation


@dataclass(frozen=True, kw_only=True)
class ActivateRequest:
    """`shell` as it was typed, `detected` the shell that started pyve; `exports` asks for variables alone."""

    shell: str | None = None
    detected: DetectedShell | None = None
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
    dialect = _choose(request)
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
    dialect = _choose(request)
    words = ["pyve", "activate"]
    words += ["--project", project] if project else []
    words += ["--shell", request.shell] if request.shell else []
    return UsageError(
        "What this prints is for the shell to evaluate; on a terminal it does nothing.",
        hint=render_evaluation(dialect, words),
    )


def _choose(request: ActivateRequest) -> Dialect:
    if request.shell is not None:
        return choose_dialect(request.shell)
    if request.detected is None:
        raise UsageError("Which shell this is could not be found out.", hint="name it: pyve activate --shell bash")
    return choose_dialect(request.detected.name)
