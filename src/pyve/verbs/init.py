"""`pyve init`: make a directory a project and give it its environment; on a project, the same as `sync`."""

import contextlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from textwrap import indent

from pyve.activation.calling_shell import find_loaded_hook
from pyve.activation.dialects.dialect import Dialect
from pyve.activation.startup.file import hook_file, render_loading_words
from pyve.activation.startup.installed_hooks import loads_hook
from pyve.environments.choices import Choices, read_choices
from pyve.environments.progress import Progress
from pyve.environments.state import ProjectState, state_of_project
from pyve.errors import PyveError
from pyve.project.backend_rules import list_conda_names
from pyve.project.config import read_project_config
from pyve.project.pin_files import read_pin
from pyve.project.python_pin import PinDecision, decide_pin
from pyve.project.python_request import PythonRequest, parse_python_request
from pyve.project.root import check_root, find_root
from pyve.verbs.demand import choose_project_backend
from pyve.verbs.environment_plan import Wishes
from pyve.verbs.first_environment_yml import FIRST_NAME, draft_environment_yml, write_environment_yml
from pyve.verbs.inherited_choices import inherit_choices
from pyve.verbs.outcome import Outcome
from pyve.verbs.provision import plan_environment
from pyve.verbs.shell_choice import find_dialect
from pyve.verbs.situation import Situation
from pyve.verbs.sync import bring_up
from pyve.verbs.sync_result import SyncResult, describe_first


@dataclass(frozen=True, kw_only=True)
class InitRequest:
    """`pyve init [PYTHON]` with its options. `pin` false is --no-pin: the version is kept in pyve's state alone.

    `shell` is the name of the one that pyve was typed in, None where it is not known, or has the hook.
    """

    python: str | None = None
    pin: bool = True
    wishes: Wishes = field(default_factory=Wishes)
    dry_run: bool = False
    shell: str | None = None


def init(situation: Situation, request: InitRequest, progress: Progress) -> Outcome[SyncResult]:
    """Register the project at the nearest manifest (else here) and build, or find, its environment.

    Raises PinConflictError when another Python is pinned already, and whatever `sync` raises.
    """
    chosen = find_root(situation.directory, home=situation.home)
    root = chosen.path
    check_root(root, in_ci=situation.in_ci)
    state = state_of_project(situation.state_directory, root)
    wishes = request.wishes
    notes: tuple[str, ...] = ()
    if not state.is_registered() and not wishes.reset_choices:
        inherited = inherit_choices(situation, root)
        wishes = replace(wishes, choices=inherited.choices.with_newer(wishes.choices))
        notes = inherited.notes
    if not state.is_registered() and root != situation.directory:
        notes = (f"The project is {root}, above this directory: {chosen.reason}.", *notes)
    first = _draft_first(situation, root, request, wishes)
    if first is not None and request.dry_run:
        shown = f"Would write {FIRST_NAME}:\n{indent(first.rstrip(), '  ')}"
        return Outcome(data=describe_first(root, wishes), notes=(*notes, shown))
    if first is not None:
        write_environment_yml(root, first)
        notes += (f"Nothing declared conda packages, so {FIRST_NAME} was written: add what the project needs to it.",)
    try:
        outcome = _init(situation, request, progress, state=state, wishes=wishes, has_first=first is not None)
    except BaseException:
        if first is not None:
            _take_back(root, first)
        raise
    return replace(outcome, notes=(*notes, *outcome.notes))


def _init(
    situation: Situation,
    request: InitRequest,
    progress: Progress,
    *,
    state: ProjectState,
    wishes: Wishes,
    has_first: bool,
) -> Outcome[SyncResult]:
    """As init; `has_first` says that the environment.yml was written a moment ago."""
    root = state.root
    notes: tuple[str, ...] = ()
    pin = None
    if request.python is not None:
        decision = _decide_pin(situation, root, request, wishes.choices)
        if decision.note and not decision.write and not has_first:  # what is written is part of the result
            notes += (decision.note,)
        if decision.request.source == "argument" and not decision.write:  # a range, or --no-pin: kept in the state
            wishes = replace(wishes, choices=wishes.choices.with_newer(Choices(python=request.python)))
        else:  # the pin file says it, written now or there already; a version kept by an earlier --no-pin is given up
            pin = decision
    plan = plan_environment(situation, state, wishes, pin=pin)
    is_new = not state.is_registered()
    outcome = bring_up(situation, plan, progress, dry_run=request.dry_run)
    told = outcome.notes
    is_for_people = not request.dry_run and not situation.in_ci
    if is_new and is_for_people and find_loaded_hook(situation.environment) is None:
        told += (_tell_hook(situation, request.shell),)
    return replace(outcome, notes=(*notes, *told))


def _draft_first(situation: Situation, root: Path, request: InitRequest, wishes: Wishes) -> str | None:
    """The text of the environment.yml that is written first, None where something is declared or --strict is given."""
    if list_conda_names(root) or wishes.strict:
        return None
    config = read_project_config(root)
    choices = read_choices(state_of_project(situation.state_directory, root).choices_file).with_newer(wishes.choices)
    if choose_project_backend(situation, root, choices, config).name != "micromamba":
        return None
    python = parse_python_request(request.python, source="argument") if request.python else None
    return draft_environment_yml(root, config, python)


def _take_back(root: Path, first: str) -> None:
    """Take out the environment.yml that was written for a build that failed, unless somebody has edited it since."""
    with contextlib.suppress(OSError):
        if (root / FIRST_NAME).read_text("utf-8") == first:
            (root / FIRST_NAME).unlink()


def _tell_hook(situation: Situation, shell: str | None) -> str:
    """How to be in the environment on cd, from a shell that has not loaded the hook."""
    dialect = find_dialect(shell) if shell else None
    if dialect is not None and _is_installed(situation, dialect):
        words = render_loading_words(dialect, hook_file(situation.state_directory, dialect))
        return f"Each new {dialect.name} enters it on cd; this one was started without the hook. To load it: {words}"
    return "To have it in every shell that enters the directory: pyve hook --install"


def _is_installed(situation: Situation, dialect: Dialect) -> bool:
    try:
        is_loaded = loads_hook(dialect, situation.state_directory)
    except (PyveError, OSError):  # what is wrong is for `pyve check` to tell; here it is a matter of words
        return False
    return is_loaded and hook_file(situation.state_directory, dialect).is_file()


def _decide_pin(situation: Situation, root: Path, request: InitRequest, choices: Choices) -> PinDecision:
    assert request.python is not None
    argument = parse_python_request(request.python, source="argument")
    existing = _existing_pin(situation, root, choices) if request.pin else None
    return decide_pin(argument, existing=existing, force=request.wishes.force, keep_pin=not request.pin)


def _existing_pin(situation: Situation, root: Path, choices: Choices) -> PythonRequest | None:
    """What the project says now: its configuration, else its environment.yml (conda), else a pin file."""
    config = read_project_config(root)
    if config.python is not None:
        return parse_python_request(config.python, source=config.source)
    backend = choose_project_backend(situation, root, choices, config).name
    if backend == "micromamba":
        from pyve.verbs.conda_python import read_conda_pin  # a venv has no use for YAML

        pinned = read_conda_pin(situation, root)
        if pinned is not None:
            return pinned
    return read_pin(root).request
