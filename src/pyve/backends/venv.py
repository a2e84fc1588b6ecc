"""The venv backend: a virtual environment made by virtualenv and filled by uv (or pip)."""

import os
import sys
from dataclasses import replace
from pathlib import Path

from pyve.backends.backend import BuildRequest, BuildResult, Damage
from pyve.engines.installation import InstallRequest
from pyve.engines.lock_constraints import constrain_to_lock
from pyve.engines.virtualenv import EmptyEnvironment, VirtualenvRequest, create_virtual_environment
from pyve.environments.changes import EnvironmentChanges
from pyve.environments.distributions import list_distributions, missing_distributions
from pyve.environments.progress import Progress, ProgressEvent
from pyve.environments.record import EnvironmentRecord
from pyve.environments.script_headers import interpreter_of, make_header_safe, scripts_in
from pyve.environments.store import find_link_on_the_way
from pyve.errors import ProbeFailedError
from pyve.project.declaration import Declaration
from pyve.project.requirement import Requirement, RequirementSet
from pyve.system.process import run_captured

_PROBE_SECONDS = 60  # a cold disk and a virus scanner; a probe that hangs must end


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
        install = _install_request(request, empty)
        choice = choose_installer(install, request.environment)
        why = f", since {choice.reason}" if choice.installer.name != "uv" else ""
        progress(ProgressEvent(phase="install", message=f"Installing with {choice.installer.name}{why}"))
        choice.installer.install(install, progress)
        # Otherwise the first import makes it, and the new time of the folder looks like the work of another tool.
        (empty.site_packages / "__pycache__").mkdir(exist_ok=True)
        progress(ProgressEvent(phase="probe", message="Checking that it runs"))
        _probe(empty, expected=interpreter.version_text)
        return BuildResult(
            python_version=interpreter.version_text,
            python_implementation=interpreter.implementation,
            python_executable=interpreter.executable,
            site_packages=empty.site_packages,
            engine=choice.installer.name,
            engine_version=choice.installer.version(),
            engine_reason=choice.reason,
            distributions=list_distributions(empty.site_packages),
            seeds=_undeclared_seeds(install, request.spec.declaration),
        )

    def refresh(self, request: BuildRequest, record: EnvironmentRecord, progress: Progress) -> None:
        """Install the project itself anew, without its dependencies, which are as declared."""
        from pyve.engines.installer_choice import choose_installer

        there = EmptyEnvironment(
            python=_scripts(record) / _python_name(), scripts=_scripts(record), site_packages=Path(record.site_packages)
        )
        whole = _install_request(request, there)
        install = replace(
            whole,
            requirements=RequirementSet(options=whole.requirements.options),
            lock_file=None,
            no_deps_for_project=True,
            seed=(),
        )
        progress(ProgressEvent(phase="install", message="Installing the project itself anew"))
        choose_installer(install, request.environment).installer.install(install, progress)
        _probe(there, expected=record.python_version)

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
        link = find_link_on_the_way(Path(record.directory))
        if link is not None:
            return Damage(reason=f"{link} is a link now, and what lies behind it is not pyve's")
        if not Path(record.directory).is_dir():
            return Damage(reason="its directory is gone")
        python = _scripts(record) / _python_name()
        if not python.exists():
            return Damage(reason="its python is gone")
        if not start_nothing:
            failure = _why_python_fails(python, expected=record.python_version)
            if failure:
                return Damage(reason=failure)
        missing = missing_distributions(record.distributions, self.installed(record), seeds=record.seeds)
        if missing:
            shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
            return Damage(reason=f"another tool changed it ({shown})", runs=True)
        return None


def _install_request(request: BuildRequest, empty: EmptyEnvironment) -> InstallRequest:
    declaration = request.spec.declaration
    kept = tuple(
        Requirement(line=pin, canonical=pin, origin="kept by --keep-extras", name=pin.partition("==")[0])
        for pin in request.keep
    )
    locked = constrain_to_lock(declaration.lock_content, origin=declaration.source) if declaration.lock_file else ()
    requirements = replace(
        declaration.requirements,
        requirements=(*declaration.requirements.requirements, *kept),
        constraints=(*declaration.requirements.constraints, *locked),
    )
    if request.wheels_only:
        options = replace(requirements.options, only_binary=(":all:",), no_binary=())
        requirements = replace(requirements, options=options)
    return InstallRequest(
        python=empty.python,
        prefix=request.directory,
        project_root=declaration.root,
        requirements=requirements,
        log=request.log,
        work_directory=request.work_directory,
        lock_file=declaration.lock_file,
        lock_extras=declaration.lock_extras,
        lock_groups=declaration.lock_groups,
        editable_project=declaration.editable_project,
        project_extras=declaration.project_extras,
        local_sources=_list_local_sources(declaration),
        no_deps_for_project=declaration.is_lock,
        preferences=request.preferences,
        index_strategy="first-index" if request.spec.options.get("index-strategy") == "first-index" else "best-match",
        offline=request.offline,
        inherited_descriptors=request.inherited_descriptors,
    )


def _undeclared_seeds(install: InstallRequest, declaration: Declaration) -> tuple[str, ...]:
    """The seeds of which neither a requirement nor the lock says a version."""
    declared = {one.name for one in (*install.requirements.requirements, *install.requirements.constraints)}
    declared |= {str(package.get("name")) for package in declaration.lock_content}
    return tuple(seed for seed in install.seed if seed not in declared)


def _list_local_sources(declaration: Declaration) -> tuple[Path, ...]:
    """The source trees that a lock or [tool.uv.sources] names."""
    found = [declaration.root / location for location in declaration.uv_source_digests]
    for package in declaration.lock_content:
        directory = package.get("directory")
        if declaration.lock_file and isinstance(directory, list):
            path, subdirectory = directory[:2]
            found.append(declaration.lock_file.parent / path / (subdirectory or ""))
    return tuple(path for path in found if path.is_dir())


def _probe(empty: EmptyEnvironment, *, expected: str) -> None:
    """Raise ProbeFailedError unless the new python runs and every console script leads to one that does."""
    reason = _why_python_fails(empty.python, expected=expected)
    if reason:
        raise ProbeFailedError(f"The new environment is not sound: {reason}.", hint=f"{empty.python} --version")
    if sys.platform == "win32":
        return  # launchers are programs there; the paths they hold are not in a header
    for script in scripts_in(empty.scripts, interpreter=empty.python):
        make_header_safe(script, interpreter=empty.python)
        leads_to = interpreter_of(script)
        if leads_to is not None and not leads_to.exists():
            raise ProbeFailedError(f"The script {script.name} names an interpreter that is not there: {leads_to}.")


def _why_python_fails(python: Path, *, expected: str) -> str | None:
    try:
        finished = run_captured(
            [python, "-I", "-S", "-c", "import sys; print('.'.join(map(str, sys.version_info[:2])))"],
            environment={name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ},
            timeout_seconds=_PROBE_SECONDS,
        )
    except FileNotFoundError:
        return "its python is gone"
    except (OSError, TimeoutError) as error:
        return f"its python does not start ({error})"
    if finished.exit_status != 0:
        return f"its python does not run (exit status {finished.exit_status})"
    # a patch release that the system brought under the environment is no damage: only the minor counts
    if not expected.startswith(finished.stdout.strip() + "."):
        return f"its python is {finished.stdout.strip()} now, and was {expected}"
    return None


def _scripts(record: EnvironmentRecord) -> Path:
    return Path(record.directory) / ("Scripts" if sys.platform == "win32" else "bin")


def _python_name() -> str:
    return "python.exe" if sys.platform == "win32" else "python"
