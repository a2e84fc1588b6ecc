"""`pyve detect`: which files were seen, which rules won and why, and what would change it. Changes nothing."""

from dataclasses import dataclass, replace
from pathlib import Path

from pyve.environments.choices import Choices, read_choices
from pyve.environments.state import state_of_project
from pyve.errors import ForeignLockError
from pyve.errors.conda import CondaManifestMissingError, LockPlatformMissingError
from pyve.project.backend_rules import list_conda_names
from pyve.project.config import ProjectConfig, read_project_config
from pyve.project.declaration import Declaration
from pyve.project.detection import LostRule, SeenFile, explain
from pyve.project.python_pin import PythonAnswer
from pyve.project.root import find_root
from pyve.verbs.demand import choose_project_backend, read_project_declaration, request_project_python
from pyve.verbs.outcome import Outcome, Problem
from pyve.verbs.situation import Situation, registered_root


@dataclass(frozen=True, kw_only=True)
class DetectRequest:
    """`pyve detect` with its option."""

    backend: str | None = None


@dataclass(frozen=True, kw_only=True)
class DetectResult:
    """What was found. `packages_from` is the file that declares the packages, `packages_evidence` says why it is."""

    root: str
    root_reason: str
    registered: bool
    backend: str
    backend_chosen_by: str
    backend_evidence: tuple[str, ...]
    lost_rules: tuple[LostRule, ...]
    files: tuple[SeenFile, ...]
    python: str
    python_source: str
    packages_from: str | None
    packages_evidence: tuple[str, ...]
    extras: tuple[str, ...]
    groups: tuple[str, ...]
    locked: bool | None
    what_would_change_it: tuple[str, ...]


def detect(situation: Situation, request: DetectRequest) -> Outcome[DetectResult]:
    """Explain every choice for the project that `init` would make here, or that is registered here."""
    registered = registered_root(situation)
    found = find_root(situation.directory, home=situation.home)
    root = registered or found.path
    choices = read_choices(state_of_project(situation.state_directory, root).choices_file)
    config = read_project_config(root)
    option = request.backend or choices.backend
    is_conda = choose_project_backend(situation, root, replace(choices, backend=option), config).name == "micromamba"
    read = _read_conda if is_conda else _read_venv
    declaration, python, problems = read(situation, root, choices, config)
    detection = explain(
        root,
        option=option,
        environment=situation.environment,
        configured=config.backend,
        configured_in=config.source if config.backend else None,
        declaration=declaration,
    )
    conda_files = ", ".join(list_conda_names(root)) if is_conda else ""
    data = DetectResult(
        root=str(root),
        root_reason="registered" if registered else found.reason,
        registered=registered is not None,
        backend=detection.choice.name,
        backend_chosen_by=detection.choice.chosen_by,
        backend_evidence=detection.choice.evidence,
        lost_rules=detection.lost_rules,
        files=detection.files,
        python=python.request.text or "any",
        python_source=python.request.source,
        packages_from=declaration.source if declaration else conda_files or None,
        packages_evidence=declaration.evidence if declaration else (),
        extras=declaration.extras if declaration else (),
        groups=declaration.groups if declaration else (),
        locked=declaration.is_lock if declaration else None,
        what_would_change_it=detection.what_would_change_it,
    )
    return Outcome(data=data, notes=python.notes, problems=problems, exit_status=1 if problems else 0)


def _read_venv(
    situation: Situation, root: Path, choices: Choices, config: ProjectConfig
) -> tuple[Declaration | None, PythonAnswer, tuple[Problem, ...]]:
    """What a venv would get; a lock of another tool is an answer here, not an error."""
    declaration: Declaration | None = None
    problems: tuple[Problem, ...] = ()
    try:
        declaration = read_project_declaration(situation, root, choices, config)
    except ForeignLockError as error:
        problems = (Problem.of(error),)
    requires = declaration.requires_python if declaration else None
    return declaration, request_project_python(situation, root, choices, config, requires_python=requires), problems


def _read_conda(
    situation: Situation, root: Path, choices: Choices, config: ProjectConfig
) -> tuple[Declaration | None, PythonAnswer, tuple[Problem, ...]]:
    """What a conda environment would get; that nothing declares one, or not for this platform, is an answer here."""
    from pyve.verbs.conda_demand import read_conda_demand  # a venv has no use for YAML

    try:
        demand = read_conda_demand(situation, root, choices, config)
    except (CondaManifestMissingError, LockPlatformMissingError) as error:
        return None, request_project_python(situation, root, choices, config), (Problem.of(error),)
    return demand.declaration, demand.python, ()
