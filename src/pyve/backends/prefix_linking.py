"""Solving and linking: how the packages of a conda declaration come into the prefix."""

import contextlib
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyve.backends.backend import BuildRequest
from pyve.backends.carried_over import list_carried_over
from pyve.engines.conda.engine import BuiltPrefix, CondaEngine, EngineSurroundings, PrefixRequest, SolveRequest
from pyve.environments.progress import Progress
from pyve.errors import PathNotWritableError
from pyve.project.conda.declaration import CondaDeclaration
from pyve.project.conda.package import CondaPackage
from pyve.project.some_names import show_some
from pyve.system.files import tell_disk_errors


@dataclass(frozen=True, kw_only=True)
class LinkedPrefix:
    """What was linked, by which engine, and what was left out."""

    packages: tuple[CondaPackage, ...]
    built: BuiltPrefix
    engine: str
    engine_version: str

    def notes(self) -> Iterator[str]:
        """Sentences about what was left out."""
        built = self.built
        yield from built.notes
        if built.link_scripts:
            names = ", ".join(built.link_scripts)
            yield f"The link scripts of {names} were not run; `conda.link-scripts = true` in pyve.toml lets them."
        if built.menus:
            yield f"The menu items of {', '.join(built.menus)} were not made: an environment belongs to one project."
        if built.unverified:
            yield f"Nobody says what hash {', '.join(built.unverified)} must have: what came was taken as it is."
        if built.clobbered:
            yield f"More than one package brings {show_some(built.clobbered)}."


def link_prefix(conda: CondaDeclaration, request: BuildRequest, progress: Progress) -> LinkedPrefix:
    """Solve, unless a lock says the packages, and link them into the absent directory. Raises what engines raise."""
    with _open_engine(request) as engine:
        packages = conda.packages or _solve(engine, conda, request, progress)
        built = engine.build(_prefix_request(conda, packages, request), progress)
        return LinkedPrefix(packages=packages, built=built, engine=engine.name, engine_version=engine.version())


@contextlib.contextmanager
def _open_engine(request: BuildRequest) -> Iterator[CondaEngine]:
    from pyve.engines.conda.choice import EngineChoice, open_engine

    assert request.conda is not None, "the engine was chosen"
    _make_cache(request.cache_directory)
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
        ),
    )
    try:
        yield engine
    finally:
        engine.close()


def _make_cache(directory: Path) -> None:
    """Make it; where nothing can be written to it, say so before the engine does."""
    with tell_disk_errors(directory):
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):  # those are told below
                raise
        if os.access(directory, os.W_OK | os.X_OK):
            return
    raise PathNotWritableError(
        f"The cache directory {directory} cannot be written to.",
        hint="name a directory of your own: export PYVE_CACHE_DIR=DIR",
    )


def _solve(
    engine: CondaEngine, conda: CondaDeclaration, request: BuildRequest, progress: Progress
) -> tuple[CondaPackage, ...]:
    specs = [*conda.specs, *(f"{name}=={version}" for name, version in list_carried_over(request, of_conda=True))]
    if request.spec.declaration.requirements.requirements or request.spec.declaration.editable_project:
        specs += ["pip"] if not any(_names_pip(spec) for spec in specs) else []
    if not specs:
        return ()
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


def _names_pip(spec: str) -> bool:
    from pyve.project.conda.match_spec import parse_match_spec

    return parse_match_spec(spec).name == "pip"
