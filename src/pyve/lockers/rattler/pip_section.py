"""The pip section of one platform as rows of a lock: what conda's own packages leave to be installed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyve.environments.progress import Progress, ProgressEvent
from pyve.errors import ResolutionFailedError
from pyve.errors.lock import LockerUnfitError
from pyve.lockers.conda_lock_text import LockedRow
from pyve.lockers.locker import LockTask
from pyve.lockers.rattler.conda_rows import list_dependencies
from pyve.lockers.rattler.file_choice import list_tags
from pyve.lockers.rattler.locked_file import choose_file
from pyve.lockers.rattler.pip_compile import Pin, PipCompile, PipOrder, open_pip_compile
from pyve.lockers.rattler.platform_solve import SolvedPlatform
from pyve.project.conda.match_spec import parse_match_spec
from pyve.project.conda.package import CondaPackage
from pyve.project.package_name import normalise_name
from pyve.project.requirement import Requirement


@dataclass(frozen=True, kw_only=True)
class PipRows:
    """Rows of one platform, and sentences about what has none."""

    rows: tuple[LockedRow, ...] = ()
    notes: tuple[str, ...] = ()


def lock_pip_section(solved: SolvedPlatform, task: LockTask, *, category: str, progress: Progress) -> PipRows:
    """Resolve the pip section beside the conda packages of `solved`, which stay as they are.

    Raises ResolutionFailedError where the two do not go together, LockNotPortableError, RequirementUnhashableError,
    and what uv's failures are.
    """
    asked = solved.request.pip
    if not asked.requirements:
        return PipRows()
    python = next((one for one in solved.packages if one.name == "python"), None)
    if python is None:
        raise LockerUnfitError(
            f"For {solved.platform}: there is a pip section, and no python among the packages of conda.",
            hint="name one in environment.yml: - python=3.12",
        )
    progress(ProgressEvent(phase="solve", message=f"Resolving the pip section for {solved.platform}"))
    direct = {one.name for one in asked.requirements if one.name and " @ " in one.line}
    provided = {name: one for name, one in find_provided(solved.packages).items() if name not in direct}
    constraints = _constrain(provided, solved.request.origins)
    given_up = set(task.upgrade_packages)
    earlier = {normalise_name(row.name): row.version for row in solved.request.prefer_pip}
    prefer = tuple(f"{name}=={version}" for name, version in earlier.items() if name not in given_up)
    order = PipOrder(
        platform=solved.platform, python_version=python.version, asked=asked, of_conda=constraints, prefer=prefer
    )
    try:
        with open_pip_compile(task, order, progress) as compiler:
            pins, notes = _resolve(compiler, provided)
            return _make_rows(compiler, pins, solved, category=category, provided=provided, notes=notes)
    except ResolutionFailedError as error:
        raise type(error)(f"For {solved.platform}: {error.message}", hint=error.hint) from error


def find_provided(packages: Sequence[CondaPackage]) -> Mapping[str, CondaPackage]:
    """The packages for Python that conda brings, by the names that PyPI has for them as a rule."""
    of_python = {"python", "python_abi"}
    return {
        normalise_name(one.name): one
        for one in packages
        if one.name not in of_python and of_python & set(list_dependencies(one.depends))
    }


def _constrain(provided: Mapping[str, CondaPackage], origins: Mapping[str, str]) -> tuple[Requirement, ...]:
    """Conda's versions as constraints; what is no version of PyPI's constrains nothing."""
    from packaging.version import InvalidVersion, Version

    declared = {parse_match_spec(spec).name: origin for spec, origin in origins.items()}
    found = []
    for name, package in provided.items():
        try:
            Version(package.version)
        except InvalidVersion:
            continue
        origin = declared.get(package.name, "conda")
        line = f"{name}=={package.version}"
        found.append(Requirement(line=line, canonical=line, origin=origin, name=name))
    return tuple(found)


def _resolve(compiler: PipCompile, provided: Mapping[str, CondaPackage]) -> tuple[tuple[Pin, ...], tuple[str, ...]]:
    """The pins that agree with conda's packages, and what is to be told.

    Versions that only conda has cannot be asked of an index: these constraints are given up, and no others.
    """
    constraints = compiler.order.of_conda
    try:
        return compiler.resolve(constraints), ()
    except ResolutionFailedError as error:
        conflict = error
    free = compiler.resolve()  # what fails now has nothing to do with conda
    differing = {pin.name for pin in free if pin.name in provided}
    absent = {one.name for one in constraints if one.name in differing and not compiler.has_index(one.line)}
    if absent:
        try:
            pins = compiler.resolve([one for one in constraints if one.name not in absent])
        except ResolutionFailedError as error:
            conflict = error
        else:
            told = ", ".join(f"{provided[name].name} {provided[name].version}" for name in sorted(absent))
            text = f"No index has {told}, which conda brings for {compiler.order.platform}"
            return pins, (f"{text}: whether the pip section goes with it cannot be told.",)
    reason = conflict.message.partition("satisfies what is declared: ")
    raise ResolutionFailedError(
        f"{reason[0].removesuffix('No set of packages ')}The pip section does not go with the packages of conda: "
        f"{reason[2] or conflict.message}",
        hint="loosen one of the two in environment.yml, or ask for both of them in the same section",
    )


def _make_rows(
    compiler: PipCompile,
    pins: tuple[Pin, ...],
    solved: SolvedPlatform,
    *,
    category: str,
    provided: Mapping[str, CondaPackage],
    notes: tuple[str, ...],
) -> PipRows:
    left = {pin.name: pin for pin in pins if pin.name not in provided}
    files = compiler.list_files([pin.line for pin in left.values()]) if left else ()
    tags = list_tags(solved.platform, compiler.order.python_version)
    needs: dict[str, dict[str, str]] = {}
    for pin in pins:
        for user in pin.via:
            needs.setdefault(user, {})[pin.name] = "*"
    asked = solved.request.pip.requirements
    origins = {one.name: one.origin for one in asked}
    rows = []
    told = [*notes, *_tell_kept(solved, provided), *_tell_local(asked)]
    for package in files:
        name = normalise_name(package.name)
        chosen = choose_file(package, tags)
        index = left[name].index if name in left else ""
        if index:
            origin = origins.get(name, "")
            compiler.places.require_portable(package.name, index=index, url=chosen.url, origin=origin)
        if chosen.is_source:
            told.append(f"{name} {package.version} has no wheel for {solved.platform}: it is built when installed.")
        rows.append(
            LockedRow(
                manager="pip",
                name=name,
                version=str(package.version or "0.0.0"),
                platform=solved.platform,
                url=chosen.url,
                dependencies=needs.get(name, {}),
                sha256=chosen.sha256,
                source=chosen.source,
                category=category,
            )
        )
    return PipRows(rows=tuple(rows), notes=tuple(told))


def _tell_kept(solved: SolvedPlatform, provided: Mapping[str, CondaPackage]) -> list[str]:
    asked = [one for one in solved.request.pip.requirements if one.name in provided]
    return [
        f"{one.origin}: {one.name} is asked of pip, and conda brings it for {solved.platform} "
        f"({provided[one.name].version}): that one stays."
        for one in asked
        if one.name is not None
    ]


def _tell_local(asked: Sequence[Requirement]) -> list[str]:
    local = [one for one in asked if one.editable or "file:" in one.line]
    return [f"{one.origin}: what lies on this machine is not in the lock; what it needs is." for one in local]
