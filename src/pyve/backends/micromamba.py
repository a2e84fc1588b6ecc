"""The micromamba backend: a conda prefix, solved and linked by a conda engine; uv (or pip) adds its pip section."""

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pyve.backends.backend import BuildRequest, BuildResult, Damage
from pyve.backends.probe import ask_python, probe_python, why_python_fails
from pyve.backends.python_packages import make_install_request, make_refresh_request
from pyve.engines.conda.engine import BuiltPrefix, CondaEngine, EngineSurroundings, PrefixRequest, SolveRequest
from pyve.environments.changes import EnvironmentChanges
from pyve.environments.conda_entry import conda_changes, prefix_sentinels
from pyve.environments.conda_facts import CondaFacts
from pyve.environments.conda_prefix import list_conda_packages, list_pip_distributions
from pyve.environments.distributions import missing_distributions
from pyve.environments.machine_fitness import find_unmet_virtual
from pyve.environments.progress import Progress, ProgressEvent
from pyve.environments.record import EnvironmentRecord
from pyve.environments.store import find_link_on_the_way
from pyve.project.conda.declaration import CondaDeclaration
from pyve.project.conda.package import CondaPackage
from pyve.project.package_name import normalise_name
from pyve.system.directories import home_directory


class MicromambaBackend:
    """Builds conda environments."""

    name = "micromamba"
    needs_interpreter = False
    makes_venv_link = False

    def build(self, request: BuildRequest, progress: Progress) -> BuildResult:
        """Build into the absent directory and probe it. Raises BuildFailedError and its kinds."""
        from pyve.engines.activation_scripts import run_scripts_once  # all this is not needed to diagnose
        from pyve.engines.conda.credentials import read_credentials
        from pyve.environments.conda_entry import read_prefix_variables, write_prefix_variables

        conda, how = request.spec.declaration.conda, request.conda
        assert conda is not None, "the micromamba backend is given what a conda environment holds"
        assert how is not None, "and an engine"
        credentials = read_credentials(
            conda.channels,
            environment=request.environment,
            home=Path(home_directory(request.environment)),
            keyring=how.keyring,
        )
        conda = replace(conda, channels=credentials.channels)  # whoever asks again has them at hand
        with _open_engine(request) as engine:
            packages = conda.packages or _solve(engine, conda, request, progress)
            built = engine.build(_prefix_request(conda, packages, request), progress)
            engine_version = engine.version()
        directory = request.directory
        write_prefix_variables(directory, conda.variables)
        python = _find_python(directory)
        result = BuildResult(
            python_version="",
            python_implementation="",
            python_executable=python or directory,
            site_packages=directory,
            engine=engine.name,
            engine_version=engine_version,
            engine_reason=how.engine_reason,
            notes=(*credentials.notes, *_tell_left_out(built)),
        )
        if python is not None:
            result = _furnish_python(request, result, python, progress)
        variables, left_out = read_prefix_variables(directory)
        facts = CondaFacts(
            subdir=conda.subdir,
            packages=packages,
            virtual_packages=built.virtual_packages,
            variables=variables,
            link_scripts=built.link_scripts,
            menus=built.menus,
        )
        scripts, told = run_scripts_once(
            directory, variables, environment=request.environment, work_directory=request.work_directory
        )
        return replace(
            result,
            conda=replace(facts, scripts=scripts),
            distributions=_list_installed(directory, result.site_packages),
            notes=(*result.notes, *left_out, *told),
        )

    def refresh(self, request: BuildRequest, record: EnvironmentRecord, progress: Progress) -> None:
        """Install the project itself anew, without its dependencies, which are as declared."""
        from pyve.engines.installer_choice import choose_installer

        python = Path(record.python_executable)
        install = make_refresh_request(request, python=python)
        progress(ProgressEvent(phase="install", message="Installing the project itself anew"))
        choose_installer(install, request.environment).installer.install(install, progress)
        probe_python(python, scripts=_scripts(Path(record.directory)), expected=record.python_version)

    def changes_on_entry(self, record: EnvironmentRecord, *, name: str) -> EnvironmentChanges:
        """As conda activates a prefix: its entries of PATH, its variables, what the scripts of its packages do."""
        return conda_changes(record, name=name)

    def sentinels(self, record: EnvironmentRecord) -> tuple[str, ...]:
        """The records of packages, the folder of PyPI's, python, scripts and variables."""
        return prefix_sentinels(Path(record.directory), Path(record.site_packages))

    def installed(self, record: EnvironmentRecord) -> dict[str, str]:
        """Normalised name -> version of what is in the environment now, of conda and of PyPI."""
        return _list_installed(Path(record.directory), Path(record.site_packages))

    def diagnose(self, record: EnvironmentRecord, *, start_nothing: bool = False) -> Damage | None:
        """What is wrong with the environment, None when it is sound; `start_nothing` leaves out running its python."""
        directory = Path(record.directory)
        link = find_link_on_the_way(directory)
        if link is not None:
            return Damage(reason=f"{link} is a link now, and what lies behind it is not pyve's")
        if not (directory / "conda-meta").is_dir():
            return Damage(reason="its directory is gone" if not directory.is_dir() else "its conda-meta is gone")
        if record.python_version and not Path(record.python_executable).exists():
            return Damage(reason="its python is gone")
        if record.python_version and not start_nothing:
            failure = why_python_fails(Path(record.python_executable), expected=record.python_version)
            if failure:
                return Damage(reason=failure)
        missing = missing_distributions(record.distributions, self.installed(record), seeds=record.seeds)
        facts = record.conda_facts
        unfit = () if start_nothing or facts is None else find_unmet_virtual(facts, os.environ)
        if unfit:
            return Damage(reason=unfit[0].rstrip("."), runs=True)
        if missing:
            shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
            return Damage(reason=f"another tool changed it ({shown})", runs=True)
        return None


@contextlib.contextmanager
def _open_engine(request: BuildRequest) -> Iterator[CondaEngine]:
    from pyve.engines.conda.choice import EngineChoice, open_engine

    assert request.conda is not None, "the engine was chosen"
    work = request.work_directory / "engine"
    work.mkdir()
    choice = EngineChoice(
        name=request.conda.engine, reason=request.conda.engine_reason, executable=request.conda.micromamba
    )
    engine = open_engine(
        choice,
        EngineSurroundings(
            cache_directory=request.cache_directory,
            environment=request.environment,
            log=request.log,
            work_directory=work,
            inherited_descriptors=request.inherited_descriptors,
            micromamba=request.conda.micromamba,
        ),
    )
    try:
        yield engine
    finally:
        engine.close()


def _solve(
    engine: CondaEngine, conda: CondaDeclaration, request: BuildRequest, progress: Progress
) -> tuple[CondaPackage, ...]:
    specs = [*conda.specs, *(f"{name}=={version}" for name, version in _kept(request, of_conda=True))]
    if request.spec.declaration.requirements.requirements or request.spec.declaration.editable_project:
        specs += ["pip"] if not any(_names_pip(spec) for spec in specs) else []
    if not specs:
        return ()
    progress(ProgressEvent(phase="solve", message=f"Solving {len(specs)} specs with {engine.name}"))
    earlier = request.earlier.conda_facts if request.earlier else None
    solution = engine.solve(
        SolveRequest(
            specs=tuple(specs),
            origins=conda.origins,
            channels=conda.channels,
            subdir=conda.subdir,
            prefer=earlier.packages if earlier else (),
            priority="disabled" if request.spec.options.get("channel-priority") == "disabled" else "strict",
            offline=request.offline,
        ),
        progress,
    )
    return solution.packages


def _prefix_request(
    conda: CondaDeclaration, packages: tuple[CondaPackage, ...], request: BuildRequest
) -> PrefixRequest:
    assert request.conda is not None, "the engine was chosen"
    return PrefixRequest(
        packages=packages,
        prefix=request.directory,
        subdir=conda.subdir,
        channels=conda.channels,
        links=request.conda.links,
        run_link_scripts=bool(request.spec.options.get("link-scripts")),
        offline=request.offline,
    )


def _furnish_python(request: BuildRequest, result: BuildResult, python: Path, progress: Progress) -> BuildResult:
    """Install what is declared of PyPI's packages, compile where that was asked for, and probe."""
    facts = ask_python(python)
    declaration = request.spec.declaration
    engine = ""
    owned = tuple(f"{name}=={version}" for name, version in list_conda_packages(request.directory).items())
    pip_request = replace(
        request,
        keep=tuple(f"{name}=={version}" for name, version in _kept(request, of_conda=False)),
        preferences=(*owned, *_without_conda(request)),
    )
    install = make_install_request(pip_request, python=python, seed=())
    if install.requirements.requirements or install.editable_project:
        from pyve.engines.installer_choice import choose_installer

        choice = choose_installer(install, request.environment)
        progress(ProgressEvent(phase="install", message=f"Installing the pip section with {choice.installer.name}"))
        complete = bool(declaration.conda and declaration.conda.packages)
        choice.installer.install(replace(install, no_dependencies=complete), progress)
        engine = f"; its pip section: {choice.installer.name} {choice.installer.version()}"
    # Otherwise the first import makes it, and the new time of the folder looks like the work of another tool.
    (facts.site_packages / "__pycache__").mkdir(parents=True, exist_ok=True)
    if request.conda and request.conda.compile:
        _compile(python, progress)
    progress(ProgressEvent(phase="probe", message="Checking that it runs"))
    probe_python(python, scripts=_scripts(request.directory), expected=facts.version)
    return replace(
        result,
        python_version=facts.version,
        python_implementation=facts.implementation,
        site_packages=facts.site_packages,
        engine_reason=f"{result.engine_reason}{engine}",
    )


def _compile(python: Path, progress: Progress) -> None:
    from pyve.system.process import run_captured

    progress(ProgressEvent(phase="compile", message="Compiling Python files"))
    run_captured([python, "-I", "-m", "compileall", "-q", "-j", "0", _library(python)])  # what fails is done at import


def _library(python: Path) -> Path:
    prefix = python.parent if sys.platform == "win32" else python.parent.parent
    return prefix / ("Lib" if sys.platform == "win32" else "lib")


def _kept(request: BuildRequest, *, of_conda: bool) -> list[tuple[str, str]]:
    """What is carried over, by where it came from: a record of conda's, or PyPI."""
    owned = list_conda_packages(Path(request.kept_from.directory)) if request.kept_from else {}
    pairs = [(pin.partition("==")[0], pin.partition("==")[2]) for pin in request.keep]
    return [(name, version) for name, version in pairs if (name in owned) is of_conda]


def _without_conda(request: BuildRequest) -> list[str]:
    """The preferred versions of what PyPI gave at an earlier resolution."""
    facts = request.earlier.conda_facts if request.earlier else None
    owned = {normalise_name(package.name) for package in facts.packages} if facts else set()
    return [pin for pin in request.preferences if pin.partition("==")[0] not in owned]


def _list_installed(directory: Path, site_packages: Path) -> dict[str, str]:
    found = {normalise_name(name): version for name, version in list_conda_packages(directory).items()}
    return {**list_pip_distributions(directory, site_packages), **found}


def _find_python(directory: Path) -> Path | None:
    python = directory / "python.exe" if sys.platform == "win32" else directory / "bin" / "python"
    return python if python.exists() else None


def _scripts(directory: Path) -> Path:
    return directory / ("Scripts" if sys.platform == "win32" else "bin")


def _names_pip(spec: str) -> bool:
    from pyve.project.conda.match_spec import parse_match_spec

    return parse_match_spec(spec).name == "pip"


def _tell_left_out(built: BuiltPrefix) -> Iterator[str]:
    if built.link_scripts:
        names = ", ".join(built.link_scripts)
        yield f"The link scripts of {names} were not run; `conda.link-scripts = true` in pyve.toml lets them."
    if built.menus:
        yield f"The menu items of {', '.join(built.menus)} were not made: an environment belongs to one project."
    if built.clobbered:
        shown = ", ".join(built.clobbered[:3])
        more = f" and {len(built.clobbered) - 3} more" if len(built.clobbered) > 3 else ""
        yield f"More than one package brings {shown}{more}."
