"""Join what several files declare into the one demand that an installer gets."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.project.declaration_evidence import explain_parts, explain_project, explain_variables
from pyve.project.declared_files import DeclaredFiles
from pyve.project.local_content import BUILD_INPUT_NAMES, digest_files
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.dependency_groups import Entry
from pyve.project.manifests.index_options import join_options
from pyve.project.manifests.local_requirement import counts_by_content, is_project_itself, read_own_extras
from pyve.project.manifests.manifest_text import decode_as_pip_does
from pyve.project.manifests.requirement_line import parse_requirement
from pyve.project.manifests.requirement_refusal import Place, refuse_requirement
from pyve.project.manifests.requirement_variables import depends_on_variables
from pyve.project.named_parts import Declarers, NamedParts, choose_parts, expand_own_extras
from pyve.project.requirement import Requirement, RequirementSet

_PINNED = re.compile(r"^[a-z0-9-]+(?:\[[^\]]*\])?(?:===?[^*,]+| @ .+)$")


@dataclass(frozen=True, kw_only=True)
class JoinedDemand:
    """What all files together ask for; the fields are those of Declaration."""

    parts: NamedParts
    requirements: RequirementSet
    is_lock: bool
    is_whole: bool
    is_editable: bool
    project_extras: tuple[str, ...]
    own_requirements: tuple[Requirement, ...]
    build_inputs: tuple[Path, ...]
    build_input_digest: str | None
    evidence: tuple[str, ...]


def join_demands(
    files: DeclaredFiles,
    *,
    extras: tuple[str, ...],
    groups: tuple[str, ...],
    include_dev: bool,
    environment: Mapping[str, str],
) -> JoinedDemand:
    """Join the files, the asked-for extras and groups, and the project itself."""
    declarers = Declarers(
        pyproject=files.pyproject, legacy=files.legacy, lock=files.lock, file_groups=files.file_groups
    )
    parts = choose_parts(declarers, extras=extras, groups=groups, include_dev=include_dev)
    written = _join_sets(files.main, files.development, *files.group_files.values())
    itself = [one for one in written.requirements if is_project_itself(one)]
    is_editable = files.has_build_system or (bool(itself) and files.pyproject is not None)
    is_lock = files.lock is not None or _is_locked(files.main)
    if is_editable:
        written = replace(
            written, requirements=tuple(one for one in written.requirements if not is_project_itself(one))
        )
    itself_extras = [extra for one in itself for extra in read_own_extras(one)]
    through_project = is_editable and not is_lock
    entries = _read_entries(
        _list_entries(files, parts, through_project=through_project, itself_extras=itself_extras), files, environment
    )
    entries = [one for one in entries if not _is_in_lock(one, files, written)] if is_lock else entries
    requirements = replace(written, requirements=_distinct((*written.requirements, *entries)))
    project_extras = tuple(dict.fromkeys((*parts.extras, *itself_extras))) if through_project else ()
    own = _read_own(files, project_extras, environment) if through_project else ()
    build_inputs = _find_build_inputs(files) if through_project and _is_dynamic(files) else ()
    local = any(counts_by_content(one) for one in (*requirements.requirements, *requirements.constraints, *own))
    return JoinedDemand(
        parts=parts,
        requirements=requirements,
        is_lock=is_lock,
        is_whole=not local and not (files.lock and files.lock.local_paths) and not _has_variables(written),
        is_editable=is_editable,
        project_extras=project_extras,
        own_requirements=own,
        build_inputs=build_inputs,
        build_input_digest=digest_files(root=files.root, files=build_inputs) if build_inputs else None,
        evidence=(
            *explain_project(files, is_editable=is_editable, is_lock=is_lock),
            *explain_parts(files, parts),
            *explain_variables(requirements, environment),
        ),
    )


def _has_variables(written: RequirementSet) -> bool:
    """True where the environment decides what a requirements file says."""
    texts = (decode_as_pip_does(read_manifest_bytes(Path(file)), Path(file)) for file in written.files)
    return any(depends_on_variables(line) for text in texts if "${" in text for line in text.splitlines())


def _join_sets(*parts: RequirementSet | None) -> RequirementSet:
    joined = RequirementSet()
    for part in filter(None, parts):
        joined = RequirementSet(
            requirements=_distinct((*joined.requirements, *part.requirements)),
            constraints=_distinct((*joined.constraints, *part.constraints)),
            options=join_options(joined.options, part.options),
            files=tuple(dict.fromkeys((*joined.files, *part.files))),
        )
    return joined


def _distinct(requirements: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """Keep the first of requirements that say the same: requirements-dev.txt often includes requirements.txt."""
    found: dict[tuple[object, ...], Requirement] = {}
    for one in requirements:
        found.setdefault((one.canonical, one.line, one.hashes, one.editable, one.pip_options), one)
    return tuple(found.values())


def _is_locked(main: RequirementSet | None) -> bool:
    """True where every requirement is pinned with hashes; what is the project itself does not speak against it."""
    others = [one for one in main.requirements if not is_project_itself(one)] if main else []
    return bool(others) and all(one.hashes and _PINNED.match(_without_marker(one)) for one in others)


def _list_entries(
    files: DeclaredFiles, parts: NamedParts, *, through_project: bool, itself_extras: list[str]
) -> list[Entry]:
    """Return what pyproject.toml adds; extras come through the project where that is installed with dependencies."""
    if through_project:
        return list(parts.group_entries)
    pyproject = files.pyproject
    wanted = [*(pyproject.dependencies if pyproject and files.source.name == "pyproject.toml" else ())]
    for extra in dict.fromkeys((*parts.extras, *itself_extras)):
        if extra not in parts.lock_extras:
            wanted += parts.extra_entries.get(extra, ())
    wanted += parts.group_entries
    return expand_own_extras(wanted, name=pyproject.name if pyproject else None, extra_entries=parts.extra_entries)


def _read_own(
    files: DeclaredFiles, project_extras: tuple[str, ...], environment: Mapping[str, str]
) -> tuple[Requirement, ...]:
    if files.pyproject is None:
        return ()
    there = files.pyproject.optional_dependencies
    wanted = [*files.pyproject.dependencies, *(entry for extra in project_extras for entry in there.get(extra, ()))]
    expanded = expand_own_extras(wanted, name=files.pyproject.name, extra_entries=there)
    return tuple(_read_entries(expanded, files, environment))


def _read_entries(entries: list[Entry], files: DeclaredFiles, environment: Mapping[str, str]) -> list[Requirement]:
    """Parse entries of pyproject.toml, where only the forms of PEP 508 are allowed."""
    if not entries:
        return []
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    found = []
    for entry in entries:
        place = Place(root=files.root, folder=files.root, origin=entry.origin, environment=environment)
        try:
            Parsed(entry.text)
        except InvalidRequirement as error:
            raise refuse_requirement(entry.text, place, str(error).splitlines()[0].rstrip(".")) from error
        found.append(parse_requirement(entry.text, place))
    return found


def _is_in_lock(requirement: Requirement, files: DeclaredFiles, written: RequirementSet) -> bool:
    """True where the lock already brings a version that satisfies the requirement."""
    from packaging.requirements import Requirement as Parsed

    if files.lock:
        versions = {package.name: package.version for package in files.lock.packages if package.version}
    else:
        pins = (_without_marker(one).partition("==") for one in written.requirements if one.hashes)
        versions = {name.partition("[")[0]: version.lstrip("=") for name, _, version in pins if version}
    version = versions.get(requirement.name or "")
    if version is None or counts_by_content(requirement):
        return False
    if files.is_exported:  # with the very extras and groups that are asked for
        return True
    parsed = Parsed(requirement.line)
    return not parsed.extras and not parsed.url and parsed.specifier.contains(version, prereleases=True)


def _is_dynamic(files: DeclaredFiles) -> bool:
    return files.pyproject is None or not files.pyproject.has_project or files.pyproject.has_dynamic_dependencies


def _find_build_inputs(files: DeclaredFiles) -> tuple[Path, ...]:
    names = [*BUILD_INPUT_NAMES, *files.legacy.named_files, *(files.pyproject.named_files if files.pyproject else ())]
    paths = (Path(files.root / name) for name in dict.fromkeys(names))
    return tuple(path for path in paths if path.is_file() and path.is_relative_to(files.root))


def _without_marker(requirement: Requirement) -> str:
    return requirement.canonical.split(";", 1)[0]
