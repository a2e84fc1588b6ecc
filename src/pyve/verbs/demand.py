"""What a project demands: backend, Python and packages, read from its files and choices, with the reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.backends import backend_named
from pyve.environments.choices import Choices
from pyve.environments.inputs import Approval, Digests, name_input, read_approvals
from pyve.environments.own_metadata import digest_own_metadata
from pyve.environments.spec import EnvironmentSpec
from pyve.environments.state import ProjectState
from pyve.project.backend_rules import list_conda_names, list_python_names
from pyve.project.config import ProjectConfig, read_project_config
from pyve.project.declaration import Declaration, read_declaration
from pyve.project.detection import BackendChoice, choose_backend
from pyve.project.manifest import WATCHED_NAMES
from pyve.project.python_pin import PythonAnswer, request_python
from pyve.system.platform import platform_name
from pyve.verbs.situation import Situation

# Counts into every digest of choices: when pyve understands files otherwise than before, no old approval matches.
_UNDERSTANDING = "1"


@dataclass(frozen=True, kw_only=True)
class Demand:
    """One project's demand, parsed. `inputs` names every file that was read or would have counted.

    `own_metadata` is the digest of what says how the project itself is installed, empty when it is not.
    """

    config: ProjectConfig
    backend: BackendChoice
    python: PythonAnswer
    spec: EnvironmentSpec
    fingerprint: str
    inputs: tuple[str, ...]
    whole: bool
    own_metadata: str = ""

    @property
    def declared(self) -> tuple[str, ...]:
        """The requirements in canonical form, sorted, without credentials."""
        requirements = self.spec.declaration.requirements
        names = [item.canonical for item in requirements.requirements]
        names += [f"constraint: {item.canonical}" for item in requirements.constraints]
        return tuple(sorted(set(names)))


def read_demand(situation: Situation, root: Path, choices: Choices) -> Demand:
    """Read and parse everything. Raises a ProjectError that names file and line."""
    config = read_project_config(root)
    backend = choose_project_backend(situation, root, choices, config)
    if backend.name == "micromamba":
        read_conda_pin(root)  # what is broken in them is told first
    hint = "pyve init --backend venv  # builds from the Python manifests alone" if list_python_names(root) else None
    backend_named(backend.name, reason=" ".join(backend.evidence[:1]), hint=hint)
    declaration = read_project_declaration(situation, root, choices, config)
    python = request_project_python(situation, root, choices, config, requires_python=declaration.requires_python)
    spec = EnvironmentSpec(
        name=config.name or root.name or "root",
        backend=backend.name,
        python=python.request.canonical,
        python_source=python.request.source,
        declaration=declaration,
        options={"index-strategy": config.index_strategy, "system-site-packages": config.system_site_packages},
    )
    files = {name_input(path, root) for path in (*declaration.files, *declaration.build_inputs)}
    return Demand(
        config=config,
        backend=backend,
        python=python,
        spec=spec,
        fingerprint=spec.fingerprint(platform_name()),
        inputs=(*WATCHED_NAMES, *sorted(files - set(WATCHED_NAMES))),
        whole=declaration.is_whole,
        own_metadata=digest_own_metadata(root) if declaration.editable_project else "",
    )


def list_unlocked(declaration: Declaration) -> tuple[str, ...]:
    """What is resolved beside the lock: `group dev`, `extra plot`, `requirements-dev.txt`; none without a lock."""
    beside = [one for one in declaration.requirements.requirements if not one.hashes]
    if not declaration.is_lock or not beside:
        return ()
    files = {Path(file).name for file in declaration.requirements.files} - {declaration.source}
    return (
        *(f"extra {name}" for name in declaration.extras if name not in declaration.lock_extras),
        *(f"group {name}" for name in declaration.groups if name not in declaration.lock_groups),
        *(name for name in WATCHED_NAMES if name in files),
    )


def choose_project_backend(situation: Situation, root: Path, choices: Choices, config: ProjectConfig) -> BackendChoice:
    """The backend of the project: option or kept choice, variable, configuration, files."""
    return choose_backend(
        root,
        option=choices.backend,
        environment=situation.environment,
        configured=config.backend,
        configured_in=config.source if config.backend else None,
    )


def read_project_declaration(situation: Situation, root: Path, choices: Choices, config: ProjectConfig) -> Declaration:
    """What the project declares, with the extras and groups that were chosen, else configured."""
    return read_declaration(
        root,
        extras=config.extras if choices.extras is None else choices.extras,
        groups=config.groups if choices.groups is None else choices.groups,
        include_dev=config.dev if choices.dev is None else choices.dev,
        environment=situation.environment,
    )


def read_conda_pin(root: Path) -> str | None:
    """The Python that environment.yml pins, if any; raises ManifestInvalidError for a conda manifest that is broken."""
    from pyve.project.manifests.conda_lock_yml import read_conda_lock_yml
    from pyve.project.manifests.environment_yml import read_environment_yml

    pin = None
    for name in list_conda_names(root):
        if name == "conda-lock.yml":
            read_conda_lock_yml(root / name, root=root)
        else:
            pin = pin or read_environment_yml(root / name, root=root).python
    return pin


def request_project_python(
    situation: Situation,
    root: Path,
    choices: Choices,
    config: ProjectConfig,
    *,
    requires_python: str | None = None,
    environment_yml_pin: str | None = None,
) -> PythonAnswer:
    """The Python of the project: kept choice, variable, configuration, environment.yml, pin files, requires-python."""
    return request_python(
        argument=choices.python,
        environment=situation.environment,
        configured=config.python,
        configured_source=config.source,
        environment_yml_pin=environment_yml_pin,
        root=root,
        requires_python=requires_python,
    )


def choices_digest(situation: Situation, choices: Choices) -> str:
    """The digest of everything outside the files that decides what a project demands."""
    return choices.digest(_UNDERSTANDING, platform_name(), *read_variables(situation.environment).values())


def read_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that decide beside the files, an unset one as an empty text."""
    return {name: environment.get(name, "") for name in ("PYVE_BACKEND", "PYVE_PYTHON_VERSION")}


def approval_of(
    demand: Demand, digests: Digests, *, directory: str, situation: Situation, choices: Choices
) -> Approval:
    """What is approved when the environment in `directory` is found to be the one that `demand` asks for."""
    return Approval(
        directory=directory,
        name=demand.spec.name,
        choices=choices_digest(situation, choices),
        digests=digests.of_all(demand.inputs),
        whole=demand.whole,
        own_metadata=demand.own_metadata,
        prompt=demand.config.prompt,
    )


def find_approval(situation: Situation, state: ProjectState, choices: Choices, digests: Digests) -> Approval | None:
    """The approved set that the project's files match right now, found without parsing any of them."""
    wanted = choices_digest(situation, choices)
    for approval in read_approvals(state.approved_file):
        if approval.whole and approval.choices == wanted and digests.match(approval):
            return approval
    return None
