"""Locks of other tools: which one a project has, and what it holds once its tool has exported it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.project.manifest import has_manifest, read_manifest_bytes
from pyve.project.manifests.pyproject_toml import PyprojectToml
from pyve.project.package_name import normalise_name
from pyve.project.requirement import RequirementSet

# What is installed where it stands: no other tool's lock counts beside it.
_OWN = ("pylock.toml", "requirements.txt", "requirements.in")
_OF_PYPROJECT = ("uv.lock", "poetry.lock", "pdm.lock")
_PIPFILE_LOCK = "Pipfile.lock"


@dataclass(frozen=True, kw_only=True)
class ForeignExport:
    """What came of having `tool` export the lock called `name`: `text`, in the format of requirements files.

    None where that could not be done; `problem` then says why, as the end of a sentence.
    """

    name: str
    tool: str
    text: str | None = None
    problem: str = ""


def find_foreign_lock(root: Path, pyproject: PyprojectToml | None) -> str | None:
    """The lock of another tool that says what the project at `root` gets; None where there is none that counts.

    It counts beside the file that it was made from: pyproject.toml, or Pipfile where pyproject.toml has no [project].
    """
    if any(has_manifest(root / name) for name in _OWN):
        return None
    if pyproject is not None:
        fitting = ("poetry.lock",) if pyproject.is_poetry_only else _OF_PYPROJECT
        found = [name for name in fitting if has_manifest(root / name)]
        if found:
            return found[0]
    is_declared = pyproject is not None and pyproject.has_project
    has_pipfile = has_manifest(root / "Pipfile") and has_manifest(root / _PIPFILE_LOCK)
    return _PIPFILE_LOCK if has_pipfile and not is_declared else None


def read_export(export: ForeignExport, *, root: Path, environment: Mapping[str, str]) -> RequirementSet:
    """Read what was exported; each origin is the line of the lock itself on which the package begins.

    Raises what a requirements file with the same lines raises.
    """
    from pyve.project.manifests.manifest_text import decode_utf8
    from pyve.project.manifests.requirement_options import split_lines
    from pyve.project.manifests.requirements_txt import read_requirement_lines

    path = root / export.name
    places = _find_packages(decode_utf8(read_manifest_bytes(path), path))
    lines = [(places.get(_name_of(line), 1), line) for _, line in split_lines(export.text or "")]
    return read_requirement_lines(lines, path=path, root=root, environment=environment)


def list_pipfile_sources(root: Path) -> tuple[str, ...]:
    """The names of the indexes that a Pipfile.lock was made from; none where it cannot be read."""
    try:
        document = json.loads(read_manifest_bytes(root / _PIPFILE_LOCK))
        return tuple(str(source["name"]) for source in document["_meta"]["sources"])
    except (ValueError, KeyError, TypeError):
        return ()


def _find_packages(text: str) -> Mapping[str, int]:
    """Package -> the line that names it first, in TOML (`name = "six"`) and in JSON (`"six": {`)."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        named = re.match(r'^(?:name = "([^"]+)"|\s+"([^"]+)": \{)', line)
        if named:
            found.setdefault(normalise_name(named[1] or named[2]), number)
    return found


def _name_of(line: str) -> str:
    named = re.match(r"^[A-Za-z0-9][\w.-]*", line)
    return normalise_name(named[0]) if named else ""
