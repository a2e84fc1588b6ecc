"""What a backend is: the one thing that differs between kinds of environments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pyve.engines.conda.engine import Links
from pyve.environments.changes import EnvironmentChanges
from pyve.environments.conda_facts import CondaFacts
from pyve.environments.progress import Progress
from pyve.environments.record import EnvironmentRecord
from pyve.environments.spec import EnvironmentSpec
from pyve.system.interpreters import Interpreter


@dataclass(frozen=True, kw_only=True)
class CondaBuild:
    """How a conda environment is built: the chosen `engine` and why, its executable, how files are linked."""

    engine: str
    engine_reason: str
    micromamba: Path | None = None
    links: Links = "auto"
    keyring: bool = False  # the user's keyring is asked for credentials
    compile: bool = False  # .pyc files are made at once; they cost more than all the rest


@dataclass(frozen=True, kw_only=True)
class BuildRequest:
    """One environment to build. `directory` is absent; `log` gets the installer's output.

    `preferences` are `name==version` pins of an earlier resolution, `keep` those of packages to carry over.
    `kept_from` is the environment that `keep` is carried over from, `earlier` an older one of the same declaration.
    `inherited_descriptors` (the build lock) stay open in every process the build starts. `environment` is this
    process's. `work_directory` is private, empty, and removed by the caller. With `wheels_only` no package is built.
    """

    spec: EnvironmentSpec
    directory: Path
    interpreter: Interpreter | None
    log: Path
    work_directory: Path
    cache_directory: Path
    environment: Mapping[str, str]
    preferences: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    inherited_descriptors: tuple[int, ...] = ()
    offline: bool = False
    wheels_only: bool = False
    kept_from: EnvironmentRecord | None = None
    earlier: EnvironmentRecord | None = None
    conda: CondaBuild | None = None


@dataclass(frozen=True, kw_only=True)
class BuildResult:
    """What a finished, probed build tells its record; `seeds` are in it though nothing declares them.

    A conda environment without Python says so by empty texts, and its `site_packages` is the prefix itself. `notes` are
    for people.
    """

    python_version: str
    python_implementation: str
    python_executable: Path
    site_packages: Path
    engine: str
    engine_version: str
    engine_reason: str
    distributions: Mapping[str, str] = field(default_factory=dict)
    seeds: tuple[str, ...] = ()
    conda: CondaFacts | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Damage:
    """Why an environment is not as it was built: `reason` is the end of a sentence; `runs`: a command still can."""

    reason: str
    runs: bool = False


class Backend(Protocol):
    """Builds environments of one kind, says what entering one does, and what is wrong with one."""

    @property
    def name(self) -> str:
        """The word of --backend."""

    @property
    def needs_interpreter(self) -> bool:
        """Whether a build starts from an interpreter of this machine."""

    @property
    def makes_venv_link(self) -> bool:
        """Whether `.venv` may lead to its environments."""

    def build(self, request: BuildRequest, progress: Progress) -> BuildResult:
        """Build into the absent directory and probe it. Raises BuildFailedError and its kinds."""

    def refresh(self, request: BuildRequest, record: EnvironmentRecord, progress: Progress) -> None:
        """Install the project itself anew into the environment of `record`, and nothing else; then probe it.

        `request.directory` is that environment; it names no interpreter. Raises BuildFailedError and its kinds.
        """

    def changes_on_entry(self, record: EnvironmentRecord, *, name: str) -> EnvironmentChanges:
        """What entering the environment does to variables."""

    def sentinels(self, record: EnvironmentRecord) -> tuple[str, ...]:
        """The files of the environment whose change shows that another tool wrote to it."""

    def installed(self, record: EnvironmentRecord) -> dict[str, str]:
        """Normalised name -> version of what is in the environment now."""

    def diagnose(self, record: EnvironmentRecord, *, start_nothing: bool = False) -> Damage | None:
        """What is wrong with the environment, None when it is sound; `start_nothing` leaves out running its python."""
