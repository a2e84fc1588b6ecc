"""The installed packages, examined by their metadata alone; nothing of them is imported or run."""

import os
import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import TYPE_CHECKING

from pyve.environments.record import EnvironmentRecord
from pyve.project.package_name import normalise_name
from pyve.project.some_names import show_some
from pyve.verbs.checks.environment import REBUILD
from pyve.verbs.checks.findings import Finding, found, show_count

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# `name 2.py`, as cloud folders and some backup programs call the copy they keep of a file that two have written
_CONFLICT_COPY = re.compile(r"(?P<stem>.+) (?P<number>[2-9]|[1-9]\d)(?P<ending>\.[^ ]*)?")
_IMPLEMENTATIONS = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalVM"}


def examine_packages(record: EnvironmentRecord) -> Iterator[Finding]:
    """Whether the metadata of every package is there once and whole, and every requirement in it is met."""
    folder = Path(record.site_packages)
    if not folder.is_dir() or not record.python_version:  # then the folder is a whole conda prefix
        return
    copies = list(find_conflict_copies(folder))
    if copies:
        shown = show_some(str(path.relative_to(folder)) for path in copies)
        count = show_count(len(copies), "conflict copy", "conflict copies")
        message = f"{count} among the packages in {folder}: {shown}."
        yield found("conflict-copy", message, hint=REBUILD)
    metadata = [path for path in sorted(folder.glob("*.dist-info")) if path.is_dir() and path not in copies]
    judged = [path for path in metadata if not (record.conda and is_from_conda(path))]
    yield from _examine_metadata_folders(metadata, judged)
    yield from _examine_requirements(metadata, judged, record)


def is_from_conda(metadata: Path) -> bool:
    """Whether a conda package brought it: conda's own records say then what it needs and which files it has."""
    try:
        return (metadata / "INSTALLER").read_text("utf-8", "replace").strip() == "conda"
    except OSError:
        return False


def find_conflict_copies(folder: Path) -> Iterator[Path]:
    """The files and directories below `folder` that are numbered copies of one beside them."""
    for directory, folders, files in _walk(folder):
        names = {*folders, *files}
        for name in sorted(names):
            match = _CONFLICT_COPY.fullmatch(name)
            if match and match["stem"] + (match["ending"] or "") in names:
                yield directory / name


def _walk(folder: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    for directory, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield Path(directory), folders, files


def _examine_metadata_folders(folders: list[Path], judged: list[Path]) -> Iterator[Finding]:
    by_name: dict[str, list[Path]] = defaultdict(list)
    for folder in folders:
        by_name[normalise_name(folder.stem.rpartition("-")[0] or folder.stem)].append(folder)
        lacking = [name for name in ("METADATA", "RECORD") if not (folder / name).is_file()]
        if lacking and folder in judged:
            message = f"{folder} lacks its {' and '.join(lacking)}."
            yield found("distribution-damaged", message, hint=REBUILD)
    for name, several in by_name.items():
        if len(several) > 1:
            shown = ", ".join(folder.name for folder in several)
            message = f"{name} is there {len(several)} times in {several[0].parent}: {shown}."
            yield found("distribution-duplicate", message, hint=REBUILD)


def _examine_requirements(folders: list[Path], judged: list[Path], record: EnvironmentRecord) -> Iterator[Finding]:
    from packaging.requirements import InvalidRequirement, Requirement

    versions = {}
    for folder in folders:
        name, _, version = folder.stem.rpartition("-")
        versions[normalise_name(name)] = version
    marker_environment = _marker_environment(record)
    for folder in judged:
        owner = folder.stem.replace("-", " ")
        for line in _requirement_lines(folder):
            try:
                requirement = Requirement(line)
            except InvalidRequirement:
                continue  # written for a tool of another age; installers pass over it as well
            if requirement.marker is not None and not requirement.marker.evaluate(marker_environment):
                continue
            reason = _why_unmet(requirement, versions)
            if reason:
                demand = shlex.quote(f"{requirement.name}{requirement.specifier}")
                message = f"{owner} needs {line.partition(';')[0].strip()}, {reason}."
                yield found("requirement-unmet", message, hint=f"pyve run pip install {demand}")


def _requirement_lines(folder: Path) -> list[str]:
    try:
        return PathDistribution(folder).requires or []
    except (OSError, ValueError):
        return []


def _why_unmet(requirement: "Requirement", versions: dict[str, str]) -> str:
    from packaging.version import InvalidVersion

    version = versions.get(normalise_name(requirement.name))
    if version is None:
        return "which is not installed"
    try:
        met = requirement.specifier.contains(version, prereleases=True)
    except InvalidVersion:
        return ""
    return "" if met else f"and {version} is installed"


def _marker_environment(record: EnvironmentRecord) -> dict[str, str]:
    """The variables of PEP 508 markers as the environment's python would answer them, on this machine."""
    from packaging.markers import default_environment

    version = record.python_version
    return {
        **{name: str(value) for name, value in default_environment().items()},
        "python_version": ".".join(version.split(".")[:2]),
        "python_full_version": version,
        "implementation_name": record.python_implementation,
        "implementation_version": version,
        "platform_python_implementation": _IMPLEMENTATIONS.get(record.python_implementation, "CPython"),
        "extra": "",
    }
