"""What a project demands: backend, Python and packages, read from its files and choices, with the reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.environments.choices import Choices
from pyve.environments.inputs import Approval, Digests, name_input, read_approvals
from pyve.environments.own_metadata import digest_own_metadata
from pyve.environments.spec import EnvironmentSpec
from pyve.environments.state import ProjectState
from pyve.errors import RequirementInvalidError
from pyve.project.config import ProjectConfig, read_project_config
from pyve.project.declaration import Declaration, read_declaration
from pyve.project.detection import BackendChoice, choose_backend
from pyve.project.manifest import WATCHED_NAMES
from pyve.project.python_pin import REQUIRED_BY_PROJECT, PythonAnswer, request_python
from pyve.system.platform import platform_name
from pyve.verbs.asked_parts import choose_asked_parts
from pyve.verbs.foreign_lock import export_foreign_lock
from pyve.verbs.situation import Situation

# Counts into every digest of choices: when pyve understands files otherwise than before, no old approval matches.
_UNDERSTANDING = "2"
_LOCK_NAMES = ("pylock.toml", "requirements.txt", "requirements.in")
_OVERRIDES = tuple(
    f"CONDA_OVERRIDE_{name}" for name in ("ARCHSPEC", "CUDA", "CUDA_ARCH", "GLIBC", "LINUX", "OSX", "WIN")
)


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
        conda = self.spec.declaration.conda
        if conda is not None:
            names += [f"conda: {spec}" for spec in conda.specs]
            names += [f"channel: {channel.url}" for channel in conda.channels if conda.specs]
            names += [f"conda: {package.name} {package.version}" for package in conda.packages]
        return tuple(sorted(set(names)))


def read_demand(situation: Situation, root: Path, choices: Choices, *, may_export: bool = False) -> Demand:
    """Read and parse everything. Raises a ProjectError that names file and line.

    With `may_export` the tool of another tool's lock is run, to say what that holds: for verbs that start processes.
    """
    config = read_project_config(root)
    backend = choose_project_backend(situation, root, choices, config)
    options: dict[str, object] = {"index-strategy": config.index_strategy}
    if backend.name == "micromamba":
        from pyve.verbs.conda_demand import read_conda_demand  # a venv has no use for YAML

        demand = read_conda_demand(situation, root, choices, config)
        declaration, python = demand.declaration, demand.python
        options |= {"channel-priority": config.conda.channel_priority, "link-scripts": config.conda.link_scripts}
        if not declaration.is_lock:
            options |= {"virtual-packages": read_overrides(situation.environment)}
    else:
        try:
            declaration = read_project_declaration(situation, root, choices, config, may_export=may_export)
        except RequirementInvalidError as error:
            from pyve.verbs.lock_use import explain_damaged_lock  # only failures pay for it

            damaged = explain_damaged_lock(situation, root, config)
            if damaged is None:
                raise
            raise damaged from error
        if declaration.source in _LOCK_NAMES:
            from pyve.verbs.lock_use import judge_installed_locks  # most projects have no lock

            declaration = judge_installed_locks(situation, declaration, config)
        python = request_project_python(
            situation,
            root,
            choices,
            config,
            requires_python=declaration.requires_python,
            requires_python_from=declaration.requires_python_from,
        )
        options |= {"system-site-packages": config.system_site_packages}
    spec = EnvironmentSpec(
        name=config.name or root.name or "root",
        backend=backend.name,
        python=python.request.canonical,
        python_source=python.request.source,
        declaration=declaration,
        options=options,
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


def read_project_declaration(
    situation: Situation, root: Path, choices: Choices, config: ProjectConfig, *, may_export: bool = False
) -> Declaration:
    """What the project declares, with the extras and groups that were chosen, else configured."""
    parts = choose_asked_parts(choices, config)
    foreign = export_foreign_lock(situation, root, parts) if may_export else None
    return read_declaration(
        root,
        extras=parts.extras,
        groups=parts.groups,
        include_dev=parts.include_dev,
        environment=situation.environment,
        foreign=foreign,
    )


def request_project_python(
    situation: Situation,
    root: Path,
    choices: Choices,
    config: ProjectConfig,
    *,
    requires_python: str | None = None,
    requires_python_from: str = REQUIRED_BY_PROJECT,
) -> PythonAnswer:
    """The Python of a venv: kept choice, variable, configuration, pin files, requires-python."""
    return request_python(
        argument=choices.python,
        environment=situation.environment,
        configured=config.python,
        configured_source=config.source,
        environment_yml_pin=None,
        root=root,
        requires_python=requires_python,
        requires_python_from=requires_python_from,
    )


def choices_digest(situation: Situation, choices: Choices) -> str:
    """The digest of everything outside the files that decides what a project demands."""
    return choices.digest(_UNDERSTANDING, platform_name(), *read_variables(situation.environment).values())


def read_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that decide beside the files, an unset one as an empty text."""
    return {name: environment.get(name, "") for name in ("PYVE_BACKEND", "PYVE_PYTHON_VERSION", *_OVERRIDES)}


def read_overrides(environment: Mapping[str, str]) -> dict[str, str]:
    """The virtual packages that the user has set aside (CEP 30); one that is set and empty means that there is none."""
    return {name: environment[name] for name in _OVERRIDES if name in environment}


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
        stale_lock=demand.spec.declaration.stale_lock,
    )


def find_approval(situation: Situation, state: ProjectState, choices: Choices, digests: Digests) -> Approval | None:
    """The approved set that the project's files match right now, found without parsing any of them."""
    wanted = choices_digest(situation, choices)
    for approval in read_approvals(state.approved_file):
        if approval.whole and approval.choices == wanted and digests.match(approval):
            return approval
    return None
