"""The python of a conda prefix: what PyPI adds to it, and whether it runs."""

import os
import sys
from dataclasses import replace
from pathlib import Path

from pyve.backends.backend import BuildRequest, BuildResult
from pyve.backends.carried_over import list_carried_over
from pyve.backends.probe import ask_python, probe_python
from pyve.backends.python_packages import make_install_request
from pyve.environments.conda_entry import list_path_entries
from pyve.environments.conda_prefix import list_conda_packages
from pyve.environments.progress import Progress, ProgressEvent
from pyve.project.package_name import normalise_name


def furnish_python(request: BuildRequest, result: BuildResult, python: Path, progress: Progress) -> BuildResult:
    """Install what is declared of PyPI's packages, compile where that was asked for, and probe."""
    facts = ask_python(python)
    declaration = request.spec.declaration
    engine = ""
    owned = tuple(f"{name}=={version}" for name, version in list_conda_packages(request.directory).items())
    pip_request = replace(
        request,
        keep=tuple(f"{name}=={version}" for name, version in list_carried_over(request, of_conda=False)),
        preferences=(*owned, *_without_conda(request)),
    )
    install = make_install_request(pip_request, python=python, seed=())
    if install.requirements.requirements or install.editable_project:
        from pyve.engines.installer_choice import choose_installer

        choice = choose_installer(install, environment_of(request))
        progress(ProgressEvent(phase="install", message=f"Installing the pip section with {choice.installer.name}"))
        complete = bool(declaration.conda and declaration.conda.packages)
        choice.installer.install(replace(install, no_dependencies=complete), progress)
        engine = f"; its pip section: {choice.installer.name} {choice.installer.version()}"
    # Otherwise the first import makes it, and the new time of the folder looks like the work of another tool.
    (facts.site_packages / "__pycache__").mkdir(parents=True, exist_ok=True)
    if request.conda and request.conda.compile:
        _compile(python, progress)
    progress(ProgressEvent(phase="probe", message="Checking that it runs"))
    probe_python(python, scripts=scripts_folder(request.directory), expected=facts.version)
    return replace(
        result,
        python_version=facts.version,
        python_implementation=facts.implementation,
        site_packages=facts.site_packages,
        engine_reason=f"{result.engine_reason}{engine}",
    )


def environment_of(request: BuildRequest) -> dict[str, str]:
    """The environment with the prefix first on PATH: what builds a package may need its compilers and libraries."""
    path = filter(None, [*list_path_entries(request.directory), request.environment.get("PATH")])
    return {**request.environment, "PATH": os.pathsep.join(path)}


def _compile(python: Path, progress: Progress) -> None:
    from pyve.system.process import run_captured

    progress(ProgressEvent(phase="compile", message="Compiling Python files"))
    run_captured([python, "-I", "-m", "compileall", "-q", "-j", "0", _library(python)])  # what fails is done at import


def _library(python: Path) -> Path:
    prefix = python.parent if sys.platform == "win32" else python.parent.parent
    return prefix / ("Lib" if sys.platform == "win32" else "lib")


def _without_conda(request: BuildRequest) -> list[str]:
    """The preferred versions of what PyPI gave at an earlier resolution."""
    facts = request.earlier.conda_facts if request.earlier else None
    owned = {normalise_name(package.name) for package in facts.packages} if facts else set()
    return [pin for pin in request.preferences if pin.partition("==")[0] not in owned]


def find_python(directory: Path) -> Path | None:
    """The python of the prefix, None where it has none."""
    python = directory / "python.exe" if sys.platform == "win32" else directory / "bin" / "python"
    return python if python.exists() else None


def scripts_folder(directory: Path) -> Path:
    """Where the commands of the prefix lie."""
    return directory / ("Scripts" if sys.platform == "win32" else "bin")
