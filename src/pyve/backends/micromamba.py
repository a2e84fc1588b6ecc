"""The micromamba backend: a conda prefix, solved and linked by a conda engine; uv (or pip) adds its pip section."""

import os
from dataclasses import replace
from pathlib import Path

from pyve.backends.backend import BuildRequest, BuildResult, Damage
from pyve.backends.diagnosis import diagnose_packages, diagnose_place, diagnose_python
from pyve.backends.prefix_linking import LinkedPrefix, link_prefix
from pyve.backends.prefix_python import environment_of, find_python, furnish_python, scripts_folder
from pyve.backends.probe import probe_python
from pyve.backends.python_packages import refresh_project
from pyve.environments.changes import EnvironmentChanges
from pyve.environments.conda_entry import conda_changes, prefix_sentinels
from pyve.environments.conda_facts import CondaFacts
from pyve.environments.conda_prefix import list_conda_packages, list_pip_distributions
from pyve.environments.machine_fitness import find_unmet_virtual
from pyve.environments.progress import Progress
from pyve.environments.record import EnvironmentRecord
from pyve.project.package_name import normalise_name
from pyve.system.directories import home_directory


class MicromambaBackend:
    """Builds conda environments."""

    name = "micromamba"
    needs_interpreter = False
    makes_venv_link = False

    def build(self, request: BuildRequest, progress: Progress) -> BuildResult:
        """Build into the absent directory and probe it. Raises BuildFailedError and its kinds."""
        from pyve.engines.conda.credentials.credentials import read_credentials  # not needed to diagnose
        from pyve.environments.conda_entry import write_prefix_variables

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
        linked = link_prefix(conda, request, progress)
        directory = request.directory
        write_prefix_variables(directory, conda.variables)
        python = find_python(directory)
        result = BuildResult(
            python_version="",
            python_implementation="",
            python_executable=python or directory,
            site_packages=directory,
            engine=linked.engine,
            engine_version=linked.engine_version,
            engine_reason=how.engine_reason,
            notes=tuple(dict.fromkeys((*credentials.notes, *linked.notes()))),
        )
        if python is not None:
            result = furnish_python(request, result, python, progress)
        facts, notes = _find_facts(request, conda.subdir, linked)
        return replace(
            result,
            conda=facts,
            distributions=_list_installed(directory, result.site_packages),
            notes=(*result.notes, *notes),
        )

    def refresh(self, request: BuildRequest, record: EnvironmentRecord, progress: Progress) -> None:
        """Install the project itself anew, without its dependencies, which are as declared."""
        python = Path(record.python_executable)
        refresh_project(replace(request, environment=environment_of(request)), python, progress)
        probe_python(python, scripts=scripts_folder(Path(record.directory)), expected=record.python_version)

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
        directory, damage = Path(record.directory), diagnose_place(Path(record.directory))
        if damage is None and not (directory / "conda-meta").is_dir():
            damage = Damage(reason="its conda-meta is gone")
        if damage is None and record.python_version:
            damage = diagnose_python(Path(record.python_executable), record, start_nothing=start_nothing)
        if damage is None and not start_nothing and record.conda_facts is not None:
            unfit = find_unmet_virtual(record.conda_facts, os.environ)
            damage = Damage(reason=unfit[0].rstrip("."), runs=True) if unfit else None
        return damage or diagnose_packages(record, self.installed(record))


def _find_facts(request: BuildRequest, subdir: str, linked: LinkedPrefix) -> tuple[CondaFacts, tuple[str, ...]]:
    """What only conda environments have to tell; the scripts of packages are run for it, once."""
    from pyve.engines.conda.activation_scripts.trial import run_scripts_once
    from pyve.environments.conda_entry import read_prefix_variables

    variables, left_out = read_prefix_variables(request.directory)
    scripts, told = run_scripts_once(
        request.directory, variables, environment=request.environment, work_directory=request.work_directory
    )
    facts = CondaFacts(
        subdir=subdir,
        packages=linked.packages,
        virtual_packages=linked.built.virtual_packages,
        variables=variables,
        link_scripts=linked.built.link_scripts,
        menus=linked.built.menus,
        scripts=scripts,
    )
    return facts, (*left_out, *told)


def _list_installed(directory: Path, site_packages: Path) -> dict[str, str]:
    found = {normalise_name(name): version for name, version in list_conda_packages(directory).items()}
    return {**list_pip_distributions(directory, site_packages), **found}
