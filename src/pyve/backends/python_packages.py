"""PyPI's packages of an environment: what an installer is asked for, the same for every backend."""

from dataclasses import replace
from pathlib import Path

from pyve.backends.backend import BuildRequest
from pyve.engines.installation import InstallRequest
from pyve.engines.lock_constraints import constrain_to_lock
from pyve.environments.progress import Progress, ProgressEvent
from pyve.project.declaration import Declaration
from pyve.project.requirement import Requirement, RequirementSet


def make_install_request(request: BuildRequest, *, python: Path, seed: tuple[str, ...]) -> InstallRequest:
    """Everything that the declaration says of PyPI's packages, for the environment of `python`."""
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
    return InstallRequest(
        python=python,
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
        seed=seed,
        offline=request.offline,
        wheels_only=request.wheels_only,
        inherited_descriptors=request.inherited_descriptors,
    )


def list_undeclared_seeds(install: InstallRequest, declaration: Declaration) -> tuple[str, ...]:
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


def refresh_project(request: BuildRequest, python: Path, progress: Progress) -> None:
    """Install the project itself anew, without its dependencies, which are as declared."""
    from pyve.engines.installer_choice import choose_installer

    progress(ProgressEvent(phase="install", message="Installing the project itself anew"))
    install = _make_refresh_request(request, python=python)
    choose_installer(install, request.environment).installer.install(install, progress)


def _make_refresh_request(request: BuildRequest, *, python: Path) -> InstallRequest:
    whole = make_install_request(request, python=python, seed=())
    return replace(
        whole,
        requirements=RequirementSet(options=whole.requirements.options),
        lock_file=None,
        no_deps_for_project=True,
    )
