"""Which installer calls an install takes: one wherever possible, more where hashes or a lock forbid it."""

from dataclasses import dataclass
from pathlib import Path

from pyve.engines.installation import InstallRequest
from pyve.project.package_name import normalise_name
from pyve.project.requirement import Requirement


@dataclass(frozen=True, kw_only=True)
class InstallCall:
    """One run of an installer. Either `lock_file` stands alone, or any of the rest is installed together."""

    name: str  # a stable word, good as a file name
    requirements: tuple[Requirement, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    preferences: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    editable_project: Path | None = None
    project_extras: tuple[str, ...] = ()
    lock_file: Path | None = None
    lock_extras: tuple[str, ...] = ()
    lock_groups: tuple[str, ...] = ()
    require_hashes: bool = False
    no_dependencies: bool = False


def plan_calls(request: InstallRequest, *, require_hashes: bool) -> tuple[InstallCall, ...]:
    """The calls to make, in order; `require_hashes` is what options and configuration say beside the hashes themselves.

    A seed that the requirements name themselves is theirs. Where hashes are checked, neither the seed nor the project
    has one: they come afterwards, without dependencies.
    """
    requirements = request.requirements.requirements
    hashed = bool(requirements) and (require_hashes or all(one.hashes for one in requirements))
    named = {one.name for one in requirements}
    seeds = tuple(seed for seed in request.seed if _bare_name(seed) not in named)
    project_apart = request.editable_project is not None and (
        hashed or request.no_deps_for_project or request.lock_file is not None
    )
    seeds_apart = hashed or (request.lock_file is not None and not requirements)
    calls = []
    if request.lock_file is not None:
        calls.append(
            InstallCall(
                name="lock",
                lock_file=request.lock_file,
                lock_extras=request.lock_extras,
                lock_groups=request.lock_groups,
            )
        )
    together = None if project_apart else request.editable_project
    if requirements or together is not None or (seeds and not seeds_apart):
        calls.append(
            InstallCall(
                name="requirements",
                requirements=requirements,
                constraints=request.requirements.constraints,
                preferences=() if hashed or request.lock_file is not None else request.preferences,
                seeds=() if seeds_apart else seeds,
                editable_project=together,
                project_extras=request.project_extras if together is not None else (),
                require_hashes=hashed,
                no_dependencies=request.no_dependencies,
            )
        )
    apart = request.editable_project if project_apart else None
    if apart is not None or (seeds and seeds_apart):
        calls.append(
            InstallCall(
                name="project",
                seeds=seeds if seeds_apart else (),
                editable_project=apart,
                project_extras=request.project_extras if apart is not None else (),
                no_dependencies=True,
            )
        )
    return tuple(calls)


def _bare_name(requirement: str) -> str:
    end = next((i for i, letter in enumerate(requirement) if letter in "<>=!~[; @"), len(requirement))
    return normalise_name(requirement[:end])
