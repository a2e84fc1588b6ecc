"""What is asked of an installer of PyPI packages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pyve.environments.progress import Progress
from pyve.project.requirement import RequirementSet

IndexStrategy = Literal["best-match", "first-index"]


@dataclass(frozen=True, kw_only=True)
class InstallRequest:
    """One environment to fill. All paths are absolute; the environment exists and is empty.

    `lock_file` is a pylock.toml, installed instead of being resolved. `editable_project` is installed together with the
    requirements, or on its own without dependencies when `no_deps_for_project` says that a file is the lock; with
    `no_dependencies` the requirements are everything, or something else brings what they need.
    `preferences` are `name==version` pins of an earlier resolution: kept where they fit, given up where they do not.
    `log` gets the installer's whole output appended, redacted. `work_directory` is private and empty; the caller
    removes it. `local_sources` are source trees that are used without standing among the requirements: those of a lock
    and of uv's own settings. With `wheels_only` nothing is built but what is editable, which is the project's own code,
    whatever options and configuration say. `inherited_descriptors` stay open in every installer process.
    """

    python: Path
    prefix: Path
    project_root: Path
    requirements: RequirementSet
    log: Path
    work_directory: Path
    lock_file: Path | None = None
    lock_extras: tuple[str, ...] = ()
    lock_groups: tuple[str, ...] = ()
    editable_project: Path | None = None
    project_extras: tuple[str, ...] = ()
    local_sources: tuple[Path, ...] = ()
    no_deps_for_project: bool = False
    no_dependencies: bool = False
    seed: tuple[str, ...] = ("pip",)
    preferences: tuple[str, ...] = ()
    index_strategy: IndexStrategy = "best-match"
    offline: bool = False
    wheels_only: bool = False
    inherited_descriptors: tuple[int, ...] = ()


class Installer(Protocol):
    """A program that installs packages of PyPI's kind into an environment."""

    @property
    def name(self) -> str:
        """`uv` or `pip`."""

    def version(self) -> str:
        """The program's own version, as in `0.9.1`."""

    def install(self, request: InstallRequest, progress: Progress) -> None:
        """Fill the environment. Raises a BuildFailedError that says why it could not be done."""
