"""Solving with micromamba: a dry run of a prefix that is never made."""

import difflib
from collections.abc import Sequence
from dataclasses import replace

from pyve.engines.conda.engine import Solution, SolveRequest
from pyve.engines.conda.failures.engine_failure import EngineFailure
from pyve.engines.conda.failures.explanation import to_error
from pyve.engines.conda.micromamba.command import solve_command
from pyve.engines.conda.micromamba.failures import read_failure
from pyve.engines.conda.micromamba.names import known_names
from pyve.engines.conda.micromamba.output import read_solution
from pyve.engines.conda.micromamba.places import Places
from pyve.engines.conda.micromamba.session import MicromambaSession, Ran
from pyve.errors.conda import EngineFailedError
from pyve.project.conda.package import CondaPackage
from pyve.project.conda.virtual_constraints import judge_constraints

_PINS = "MAMBA_PINNED_PACKAGES"
_SHOWN_NAMES = 3
_TOLD_BY_TREES = ("unsatisfiable", "unknown-package", "machine")


def solve_with(session: MicromambaSession, request: SolveRequest) -> Solution:
    """Find the packages. Earlier ones are kept where all of them fit; else the resolution is a new one."""
    if request.exclude_newer is not None:
        raise EngineFailedError("micromamba cannot leave packages out by their date.", hint="--engine rattler")
    about = session.about
    virtual = about.virtual_packages if request.virtual_packages is None else request.virtual_packages
    if not request.specs:
        return Solution(packages=(), virtual_packages=virtual)

    def attempt(places: Places) -> "tuple[CondaPackage, ...] | EngineFailure":
        if request.prefer:
            kept = _solve_once(session, request, places, pins=request.prefer)
            if not isinstance(kept, EngineFailure):
                return kept
        return _solve_once(session, request, places, pins=())

    packages = session.try_sources(request.channels, (), attempt, origins=request.origins)
    unmet = judge_constraints(packages, virtual).unmet
    if unmet:  # __unix and __win are those of the platform, whatever is asked
        text = "\n".join(one.sentence() for one in unmet)
        failure = EngineFailure(kind="machine", text=text, subject=unmet[0].name, virtual_packages=virtual)
        raise to_error(failure, origins=request.origins)
    return Solution(packages=packages, virtual_packages=virtual)


def _solve_once(
    session: MicromambaSession, request: SolveRequest, places: Places, *, pins: Sequence[CondaPackage]
) -> "tuple[CondaPackage, ...] | EngineFailure":
    ran = _run(session, request, places, pins=pins, as_json=True)
    try:
        return read_solution(ran.stdout, places)
    except ValueError:
        failure = read_failure(ran.stdout, ran.stderr, offline=request.offline, places=places)
    if failure.kind in _TOLD_BY_TREES and not pins:
        # With --json the tree that explains is lost.
        plain = _run(session, request, places, pins=(), as_json=False)
        failure = read_failure("", plain.stderr, offline=request.offline, places=places)
    if failure.kind == "unknown-package":
        known = known_names(places, session.sealed.package_cache)
        close = difflib.get_close_matches(failure.subject, known, n=_SHOWN_NAMES, cutoff=0.7)
        failure = replace(failure, names=tuple(close))
    assumed = request.virtual_packages
    virtual = session.about.virtual_packages if assumed is None else assumed
    return session.complete(failure, virtual_packages=virtual, assumes_machine=assumed is not None)


def _run(
    session: MicromambaSession,
    request: SolveRequest,
    places: Places,
    *,
    pins: Sequence[CondaPackage],
    as_json: bool,
) -> Ran:
    command = solve_command(
        session.executable,
        request,
        prefix=session.work / "unbuilt",
        places=places,
        other_platform=request.subdir != session.about.platform,
        as_json=as_json,
    )
    # Pins are constraints: they put nothing in by themselves.
    variables = {_PINS: ",".join(f"{pin.name}=={pin.version}={pin.build}" for pin in pins)} if pins else {}
    return session.run(command, virtual_packages=request.virtual_packages, variables=variables)
