"""What is asked of an installer of PyPI packages, and which installer does it."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pyve.environments.progress import Progress
from pyve.project.requirement import RequirementSet

IndexStrategy = Literal["best-match", "first-index"]
_OLDEST_UV = (0, 11)  # as in pyproject.toml


@dataclass(frozen=True, kw_only=True)
class InstallRequest:
    """One environment to fill. All paths are absolute; the environment exists and is empty.

    `lock_file` is a pylock.toml, installed instead of being resolved. `editable_project` is installed together with the
    requirements, or on its own without dependencies when `no_deps_for_project` says that a file is the lock.
    `preferences` are `name==version` pins of an earlier resolution: kept where they fit, given up where they do not.
    `log` gets the installer's whole output appended, redacted. `work_directory` is private and empty; the caller
    removes it. `inherited_descriptors` stay open in every installer process.
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
    no_deps_for_project: bool = False
    seed: tuple[str, ...] = ("pip",)
    preferences: tuple[str, ...] = ()
    index_strategy: IndexStrategy = "best-match"
    link_mode: str | None = None
    compile_bytecode: bool = False
    offline: bool = False
    verbose: bool = False
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


@dataclass(frozen=True, kw_only=True)
class InstallerChoice:
    """The installer and one sentence that says why it is this one."""

    installer: Installer
    reason: str


def choose_installer(request: InstallRequest, environment: Mapping[str, str]) -> InstallerChoice:
    """Choose uv where it can run and do all that is asked, else pip; `environment` is this process's ."""
    from pyve.engines.pip import PipInstaller  # these modules implement the protocol above, so they import this one
    from pyve.engines.uv import UvInstaller

    pip = PipInstaller(environment=environment, prefix=request.prefix, python=request.python)
    only_pip = why_only_pip(request)
    if only_pip is not None:
        return InstallerChoice(installer=pip, reason=only_pip)
    executable, problem = find_uv(environment)
    if executable is None:
        return InstallerChoice(installer=pip, reason=f"uv cannot run here: {problem}")
    uv = UvInstaller(executable=executable, environment=environment)
    return InstallerChoice(installer=uv, reason="uv can install everything that is asked for")


def why_only_pip(request: InstallRequest) -> str | None:
    """The first thing asked for that only pip understands, and where; None when uv can do it all."""
    for requirement in request.requirements.requirements:
        for option in requirement.pip_options:
            return f"{option.partition('=')[0]} is only understood by pip: {requirement.origin}"
    if request.requirements.options.prefer_binary:
        return "--prefer-binary is only understood by pip"
    return None


def find_uv(environment: Mapping[str, str]) -> tuple[Path | None, str]:
    """The uv that came with pyve, else the one on PATH, that runs here; or None and why there is none."""
    from pyve.engines.uv import read_uv_version

    problem = "there is none beside pyve or on PATH"
    for candidate in _uv_candidates(environment):
        try:
            version = read_uv_version(candidate)
        except (OSError, TimeoutError) as error:
            problem = str(error)
            continue
        if tuple(int(part) for part in version.split(".")[:2]) >= _OLDEST_UV:
            return candidate, ""
        problem = f"{candidate} is {version}, too old"
    return None, problem


def _uv_candidates(environment: Mapping[str, str]) -> tuple[Path, ...]:
    candidates = []
    try:
        from uv import find_uv_bin

        candidates.append(Path(find_uv_bin()))
    except (ImportError, FileNotFoundError):
        pass  # installed without its dependencies, or by a distribution that splits the program off
    on_path = shutil.which("uv", path=environment.get("PATH", ""))
    if on_path:
        candidates.append(Path(on_path))
    return tuple(dict.fromkeys(candidates))
