"""`pyve hook`: print the hook of a shell, or put a line that loads it into the shell's startup file, or take it out."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pyve.activation.dialects import DIALECTS
from pyve.activation.dialects.dialect import Dialect
from pyve.activation.startup.file import find_startup_files, hook_file, render_loading_words
from pyve.activation.startup.notes import notes_on_startup_file
from pyve.activation.startup.plan import FileChange, HookPlan, apply_plan, plan_installation, plan_removal
from pyve.environments.current import require_fixed_place
from pyve.environments.generation import ensure_generation
from pyve.errors import PartlyDoneError
from pyve.verbs.hook_text import render_hook_text
from pyve.verbs.outcome import Outcome, Problem
from pyve.verbs.shell_choice import ShellChoice, choose_dialect

_NAMING = "pyve hook"


@dataclass(frozen=True, kw_only=True)
class HookRequest:
    """Whose hook it is about, and where its files lie; `command` starts this pyve again."""

    home: Path
    environment: Mapping[str, str]
    state_directory: str
    shell: ShellChoice = field(default_factory=ShellChoice)
    command: tuple[str, ...] = ()
    platform: str = sys.platform


@dataclass(frozen=True, kw_only=True)
class HookChange:
    """One file. `added` and `removed` are lines of the user's startup file; none where the file is pyve's own."""

    file: Path
    action: Literal["create", "edit", "remove"]
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HookResult:
    """`text` is the hook where it was asked for; `changes` what is to be changed, or was when `done`.

    `shell` is None where the hooks of all shells are removed.
    """

    shell: str | None
    text: str | None = None
    changes: tuple[HookChange, ...] = ()
    done: bool = False


@dataclass(frozen=True, kw_only=True)
class PlannedHook:
    """A plan, and how it is told."""

    plan: HookPlan
    outcome: Outcome[HookResult]


def print_hook(request: HookRequest) -> Outcome[HookResult]:
    """The hook, as the shell evaluates it. Raises UsageError, OwnerMismatchError and HomeUnknownError."""
    dialect = choose_dialect(request.shell, command=_NAMING)
    text = render_hook_text(dialect, request.environment, command=request.command)
    return Outcome(data=HookResult(shell=dialect.name, text=text.decode("utf-8", "surrogateescape")))


def plan_hook_installation(request: HookRequest) -> PlannedHook:
    """What `--install` will do. Raises what startup.plan.plan_installation does, and UsageError."""
    dialect = choose_dialect(request.shell, command=_NAMING)
    require_fixed_place(request.state_directory)
    files = _startup_files(dialect, request)
    is_older = (request.shell.program or "").lower().startswith("powershell")
    file = files[-1] if is_older else files[0]
    plan = plan_installation(dialect, file, state_directory=request.state_directory, command=request.command)
    notes = notes_on_startup_file(dialect, file, home=request.home, platform=request.platform)
    words = render_loading_words(dialect, hook_file(request.state_directory, dialect))
    since = " from then on" if plan.changes else ""
    notes = (f"Each {dialect.name} that starts{since} has it; to load it into one that runs: {words}", *notes)
    return PlannedHook(plan=plan, outcome=Outcome(data=_tell(dialect.name, plan), notes=notes))


def plan_hook_removal(request: HookRequest) -> PlannedHook:
    """What `--uninstall` will do: for the shell that is named, else for every one."""
    dialects = [choose_dialect(request.shell, command=_NAMING)] if request.shell.named else list(DIALECTS.values())
    places = {dialect: _startup_files(dialect, request) for dialect in dialects}
    plan = plan_removal(places, state_directory=request.state_directory)
    problems = tuple(map(Problem.of, plan.problems))
    name = dialects[0].name if request.shell.named else None
    status = PartlyDoneError.exit_status if problems else 0
    return PlannedHook(plan=plan, outcome=Outcome(data=_tell(name, plan), problems=problems, exit_status=status))


def change_hook(planned: PlannedHook, *, state_directory: str) -> Outcome[HookResult]:
    """Do what was planned; raises what startup.plan.apply_plan does."""
    apply_plan(planned.plan, state_directory=state_directory)
    if any(change.after is not None for change in planned.plan.changes):
        ensure_generation(state_directory)
    outcome = planned.outcome
    data = HookResult(shell=outcome.data.shell, changes=outcome.data.changes, done=True)
    return Outcome(data=data, notes=outcome.notes, problems=outcome.problems, exit_status=outcome.exit_status)


def _startup_files(dialect: Dialect, request: HookRequest) -> tuple[Path, ...]:
    return find_startup_files(dialect, home=request.home, environment=request.environment, platform=request.platform)


def _tell(shell: str | None, plan: HookPlan) -> HookResult:
    return HookResult(shell=shell, changes=tuple(map(_tell_change, plan.changes)))


def _tell_change(change: FileChange) -> HookChange:
    return HookChange(file=change.file, action=change.action, added=change.added, removed=change.removed)
