"""Which installer fills an environment, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.engines.installation import Installer, InstallRequest
from pyve.engines.pip import PipInstaller
from pyve.engines.uv import UvInstaller, read_uv_version
from pyve.project.manifests.local_requirement import is_repository
from pyve.system.programs import find_program

OLDEST_UV = (0, 11)  # as in pyproject.toml


@dataclass(frozen=True, kw_only=True)
class InstallerChoice:
    """The installer and one sentence that says why it is this one."""

    installer: Installer
    reason: str


def choose_installer(request: InstallRequest, environment: Mapping[str, str]) -> InstallerChoice:
    """Choose uv where it can run and do all that is asked, else pip; `environment` is this process's."""
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
        if requirement.editable and is_repository(requirement):
            return f"only pip installs a repository editable: {requirement.origin}"
        for option in requirement.pip_options:
            return f"{option.partition('=')[0]} is only understood by pip: {requirement.origin}"
    if request.requirements.options.prefer_binary:
        return "--prefer-binary is only understood by pip"
    return None


def find_uv(environment: Mapping[str, str]) -> tuple[Path | None, str]:
    """The uv that came with pyve, else the one on PATH, that runs here; or None and why there is none."""
    problem = "there is none beside pyve or on PATH"
    for candidate in list_uv_candidates(environment):
        try:
            version = read_uv_version(candidate)
        except (OSError, TimeoutError) as error:
            problem = str(error)
            continue
        if tuple(int(part) for part in version.split(".")[:2]) >= OLDEST_UV:
            return candidate, ""
        problem = f"{candidate} is {version}, too old"
    return None, problem


def list_uv_candidates(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Where a uv may be, in the order in which they are tried."""
    candidates = []
    try:
        from uv import find_uv_bin

        candidates.append(Path(find_uv_bin()))
    except (ImportError, FileNotFoundError):
        pass  # installed without its dependencies, or by a distribution that splits the program off
    on_path = find_program("uv", environment)
    if on_path:
        candidates.append(on_path)
    return tuple(dict.fromkeys(candidates))
