"""The conda packages of one platform, found for machines as conda-lock imagines them, whatever this one is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from pyve.engines.conda.engine import CondaEngine, SolveRequest
from pyve.environments.progress import Progress, ProgressEvent
from pyve.errors import PyveError, ResolutionFailedError
from pyve.errors.conda import CondaPackageUnknownError, MachineUnsuitableError
from pyve.errors.lock import NothingToLockError
from pyve.lockers.cutoff import read_cutoff
from pyve.lockers.locker import CondaLockRequest, CondaSubdirRequest, LockTask
from pyve.project.conda.content_hash import DEFAULT_VIRTUAL_PACKAGES
from pyve.project.conda.match_spec import parse_match_spec
from pyve.project.conda.package import CondaPackage
from pyve.project.package_name import normalise_name

# Of platforms that conda-lock knows nothing of.
_OF_SYSTEMS = {
    "linux": {"__unix": "0", "__linux": "5.10", "__glibc": "2.28"},
    "osx": {"__unix": "0", "__osx": "11.0"},
    "win": {"__win": "0"},
    "freebsd": {"__unix": "0"},
}
_SYSTEMS_OF_SELECTORS = ("linux", "osx", "win")  # as comments in environment.yml name them: `# [linux]`


@dataclass(frozen=True, kw_only=True)
class SolvedPlatform:
    """What was found for one platform, sorted by name."""

    platform: str
    request: CondaSubdirRequest
    packages: tuple[CondaPackage, ...]


def assume_virtual_packages(platform: str) -> Mapping[str, str]:
    """The virtual packages that are counted on, as engines take them: those of conda-lock, never this machine's."""
    assumed = DEFAULT_VIRTUAL_PACKAGES.get(platform) or _OF_SYSTEMS.get(platform.partition("-")[0], {})
    return {name: text.replace(" ", "=") for name, text in assumed.items()}


def solve_platforms(
    engine: CondaEngine, task: LockTask, request: CondaLockRequest, progress: Progress
) -> tuple[SolvedPlatform, ...]:
    """Solve for each platform, in the order of their names, and say of a failure which platforms it is about.

    What cannot be satisfied on one platform is told when the others are known; everything else ends it at once.
    """
    for platform in sorted(request.subdirs):
        refuse_empty(request, platform)
    solved: list[SolvedPlatform] = []
    failed: dict[str, PyveError] = {}
    for platform in sorted(request.subdirs):
        asked = request.subdirs[platform]
        try:
            solution = engine.solve(_make_order(task, request, asked, platform), partial(_report, progress, platform))
        except (ResolutionFailedError, MachineUnsuitableError) as error:
            failed[platform] = error
        else:
            solved.append(SolvedPlatform(platform=platform, request=asked, packages=solution.packages))
    if failed:
        raise _tell_failure(failed, tuple(solved))
    return tuple(solved)


def refuse_empty(request: CondaLockRequest, platform: str) -> None:
    """Raise NothingToLockError for a platform of which nothing is asked, not even a pip section."""
    asked = request.subdirs[platform]
    if asked.specs or asked.has_pip or asked.pip.requirements:
        return
    raise NothingToLockError(
        f"{', '.join(request.sources)} declares no packages for {platform}: a lock for it would be empty.",
        hint=leave_out(platform, request.subdirs) or "pyve add NAME",
    )


def leave_out(platform: str, platforms: Iterable[str]) -> str:
    """What to type for a lock of the other platforms, empty where there are none."""
    others = " ".join(f"--platform {name}" for name in sorted(platforms) if name != platform)
    return f"leave {platform} out: pyve lock {others}" if others else ""


def _make_order(task: LockTask, request: CondaLockRequest, asked: CondaSubdirRequest, platform: str) -> SolveRequest:
    given_up = set(task.upgrade_packages)
    kept = tuple(one for one in asked.prefer if normalise_name(one.name) not in given_up)
    specs = asked.specs
    if (asked.has_pip or asked.pip.requirements) and not any(_name_of(one) in {"pip", "python"} for one in specs):
        specs = (*specs, "pip")  # as conda-lock has it; with python it comes by itself
    return SolveRequest(
        specs=specs,
        origins=asked.origins,
        channels=asked.channels,
        subdir=platform,
        virtual_packages=assume_virtual_packages(platform),
        prefer=kept,
        prefer_from_channels=True,
        priority="disabled" if request.priority == "disabled" else "strict",
        exclude_newer=None if task.exclude_newer is None else read_cutoff(task.exclude_newer).isoformat(),
        offline=task.offline,
    )


def _tell_failure(failed: Mapping[str, PyveError], solved: tuple[SolvedPlatform, ...]) -> PyveError:
    """The first failure with its platform; the others are named where they say the same."""
    platform, error = next(iter(failed.items()))
    same = [name for name, other in failed.items() if other.message == error.message]
    message, hint = f"For {_join(same)}: {error.message}", error.hint
    others = [name for name in failed if name not in same]
    if others:
        message = f"{message}\n{_join(others)} cannot be locked either, for other reasons."
    having = _find_having(error, solved) if isinstance(error, CondaPackageUnknownError) else {}
    if having:
        message = f"{message} For {_join(list(having))} there is one."
        there, name = next(iter(having.items()))
        system = there.partition("-")[0]
        if system in _SYSTEMS_OF_SELECTORS and not platform.startswith(system):
            hint = f"say where it is wanted: - {name}  # [{system}]"
    return type(error)(message, hint=hint)


def _find_having(error: PyveError, solved: tuple[SolvedPlatform, ...]) -> Mapping[str, str]:
    """Platform -> the package, for those that have what another one lacks."""
    found = ((one.platform, each.name) for one in solved for each in one.packages if f"'{each.name}'" in error.message)
    return dict(found)


def _report(progress: Progress, platform: str, event: ProgressEvent) -> None:
    progress(event if event.detail else replace(event, message=f"{event.message} for {platform}"))


def _name_of(spec: str) -> str:
    return parse_match_spec(spec).name


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
