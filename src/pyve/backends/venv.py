"""The venv backend: a virtual environment made by virtualenv and filled by uv (or pip)."""

import sys
from pathlib import Path

from pyve.backends.backend import BuildRequest, BuildResult, Damage
from pyve.backends.diagnosis import diagnose_packages, diagnose_place, diagnose_python
from pyve.backends.probe import probe_python
from pyve.backends.python_packages import list_undeclared_seeds, make_install_request, refresh_project
from pyve.engines.virtualenv import VirtualenvRequest, create_virtual_environment
from pyve.environments.changes import EnvironmentChanges
from pyve.environments.distributions import list_distributions
from pyve.environments.progress import Progress, ProgressEvent
from pyve.environments.record import EnvironmentRecord


class VenvBackend:
    """Builds PEP 405 virtual environments."""

    name = "venv"
    needs_interpreter = True
    makes_venv_link = True

    def build(self, request: BuildRequest, progress: Progress) -> BuildResult:
        """Build into the absent directory and probe it. Raises BuildFailedError and its kinds."""
        from pyve.engines.installer_choice import choose_installer  # status and sync diagnose without installing

        interpreter = request.interpreter
        assert interpreter is not None, "the venv backend is given an interpreter"
        progress(
            ProgressEvent(phase="create", message=f"Creating an environment with Python {interpreter.version_text}")
        )
        empty = create_virtual_environment(
            VirtualenvRequest(
                directory=request.directory,
                interpreter=interpreter.executable,
                prompt=request.spec.name,
                app_data=request.cache_directory / "virtualenv",
                system_site_packages=bool(request.spec.options.get("system-site-packages")),
            ),
            request.environment,
        )
        install = make_install_request(request, python=empty.python, seed=("pip",))
        choice = choose_installer(install, request.environment)
        why = f", since {choice.reason}" if choice.installer.name != "uv" else ""
        progress(ProgressEvent(phase="install", message=f"Installing with {choice.installer.name}{why}"))
        choice.installer.install(install, progress)
        # Otherwise the first import makes it, and the new time of the folder looks like the work of another tool.
        (empty.site_packages / "__pycache__").mkdir(exist_ok=True)
        progress(ProgressEvent(phase="probe", message="Checking that it runs"))
        probe_python(empty.python, scripts=empty.scripts, expected=interpreter.version_text)
        return BuildResult(
            python_version=interpreter.version_text,
            python_implementation=interpreter.implementation,
            python_executable=interpreter.executable,
            site_packages=empty.site_packages,
            engine=choice.installer.name,
            engine_version=choice.installer.version(),
            engine_reason=choice.reason,
            distributions=list_distributions(empty.site_packages),
            seeds=list_undeclared_seeds(install, request.spec.declaration),
        )

    def refresh(self, request: BuildRequest, record: EnvironmentRecord, progress: Progress) -> None:
        """Install the project itself anew, without its dependencies, which are as declared."""
        python = _scripts(record) / _python_name()
        refresh_project(request, python, progress)
        probe_python(python, scripts=_scripts(record), expected=record.python_version)

    def changes_on_entry(self, record: EnvironmentRecord, *, name: str) -> EnvironmentChanges:
        """As the `activate` of PEP 405 environments: VIRTUAL_ENV, its scripts first on PATH, no PYTHONHOME."""
        return EnvironmentChanges(
            set={"VIRTUAL_ENV": record.directory, "VIRTUAL_ENV_PROMPT": name},
            unset=("PYTHONHOME",),
            prepend_path=(str(_scripts(record)),),
        )

    def sentinels(self, record: EnvironmentRecord) -> tuple[str, ...]:
        """pyvenv.cfg, which whoever makes the environment anew writes, the folder of packages, what python leads to."""
        python = _scripts(record) / _python_name()
        return (str(Path(record.directory) / "pyvenv.cfg"), record.site_packages, str(python))

    def installed(self, record: EnvironmentRecord) -> dict[str, str]:
        """Normalised name -> version of what is in the environment now."""
        return list_distributions(Path(record.site_packages))

    def diagnose(self, record: EnvironmentRecord, *, start_nothing: bool = False) -> Damage | None:
        """What is wrong with the environment, None when it is sound; `start_nothing` leaves out running its python."""
        return (
            diagnose_place(Path(record.directory))
            or diagnose_python(_scripts(record) / _python_name(), record, start_nothing=start_nothing)
            or diagnose_packages(record, self.installed(record))
        )


def _scripts(record: EnvironmentRecord) -> Path:
    return Path(record.directory) / ("Scripts" if sys.platform == "win32" else "bin")


def _python_name() -> str:
    return "python.exe" if sys.platform == "win32" else "python"
