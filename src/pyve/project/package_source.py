"""Which of a project's files declares its packages: the first of a fixed order, and why the others were passed over."""

from dataclasses import dataclass
from pathlib import Path

from pyve.errors import ForeignLockError, ManifestInvalidError
from pyve.project.backend_rules import join_names, list_conda_names
from pyve.project.foreign_lock import ForeignExport
from pyve.project.manifest import has_manifest
from pyve.project.manifests.legacy_setup import LegacySetup
from pyve.project.manifests.pyproject_toml import PyprojectToml

SOURCE_ORDER = ("pylock.toml", "requirements.txt", "requirements.in", "pyproject.toml", "setup.py", "setup.cfg")

# What another tool's file is, and the command that turns it into one that pyve reads.
_EXPORTS = {
    "uv.lock": ("uv", "uv export --format pylock.toml -o pylock.toml"),
    "poetry.lock": (
        "Poetry",
        "poetry self add poetry-plugin-export, then: poetry export -f requirements.txt -o requirements.txt",
    ),
    "Pipfile.lock": ("Pipenv", "pipenv requirements > requirements.txt"),
    "pdm.lock": ("PDM", "pdm export -o requirements.txt"),
    "Pipfile": ("Pipenv", "pipenv lock, then: pipenv requirements > requirements.txt"),
}


@dataclass(frozen=True, kw_only=True)
class PackageSource:
    """The file that won ("none" where there is none) and sentences about it and the others."""

    name: str
    evidence: tuple[str, ...]


def choose_source(
    root: Path,
    *,
    pyproject: PyprojectToml | None,
    legacy: LegacySetup,
    include_dev: bool,
    foreign: ForeignExport | None = None,
) -> PackageSource:
    """Choose the file; ForeignLockError where only another tool's files declare packages (never an empty choice).

    `foreign` is what came of having such a file exported by its tool.
    """
    candidates = [name for name in SOURCE_ORDER if _declares(name, root, pyproject, legacy)]
    if foreign is not None and foreign.text is not None:
        return _choose_exported(foreign, candidates)
    if not candidates:
        _refuse_foreign(root, pyproject, foreign)
        if legacy.has_setup_cfg:
            raise ManifestInvalidError(
                "setup.cfg describes a project, but no installer builds one from setup.cfg alone.",
                hint='printf \'[build-system]\\nrequires = ["setuptools"]\\n'
                'build-backend = "setuptools.build_meta"\\n\' > pyproject.toml',
            )
        if include_dev and has_manifest(root / "requirements-dev.txt"):
            return PackageSource(
                name="requirements-dev.txt",
                evidence=("requirements-dev.txt declares the packages: no other file does.",),
            )
        return PackageSource(
            name="none",
            evidence=("No file declares packages, so the environment is empty. A requirements.txt would change that.",),
        )
    winner = candidates[0]
    evidence = [f"{winner} declares the packages: it comes first among the files that are there."]
    evidence += [
        f"{other} is passed over for packages, because {winner} comes before it; remove or rename {winner} to use it."
        for other in candidates[1:]
    ]
    evidence += [
        f"{name} is passed over: {_why_passed(name, tool, foreign)}. To install exactly what it locks: {command}"
        for name, (tool, command) in _EXPORTS.items()
        if name != "Pipfile" and has_manifest(root / name) and winner != "pylock.toml"
    ]
    return PackageSource(name=winner, evidence=tuple(evidence))


def _declares(name: str, root: Path, pyproject: PyprojectToml | None, legacy: LegacySetup) -> bool:
    if name == "pyproject.toml":
        if pyproject is None or pyproject.is_poetry_only:
            return False
        return pyproject.has_project or pyproject.has_build_system or bool(pyproject.groups)
    if name == "setup.py":
        return legacy.has_setup_py
    if name == "setup.cfg":
        return legacy.has_setup_cfg and (pyproject is not None or legacy.has_setup_py)
    return has_manifest(root / name)


def _choose_exported(foreign: ForeignExport, candidates: list[str]) -> PackageSource:
    evidence = [f"{foreign.name} locks the packages: what {foreign.tool} exports of it is installed, exactly."]
    evidence += [f"{other} says what was locked; its own versions are passed over." for other in candidates[:1]]
    return PackageSource(name=foreign.name, evidence=tuple(evidence))


def _why_passed(name: str, tool: str, foreign: ForeignExport | None) -> str:
    tried = foreign is not None and foreign.name == name
    return foreign.problem if tried and foreign is not None else f"only {tool} reads it"


def _refuse_foreign(root: Path, pyproject: PyprojectToml | None, foreign: ForeignExport | None) -> None:
    for name, (tool, command) in _EXPORTS.items():
        if has_manifest(root / name):
            tried = f", and {foreign.problem}" if foreign is not None and foreign.name == name else ""
            raise ForeignLockError(
                f"{name} is the only file that declares packages here, and only {tool} reads it{tried}.", hint=command
            )
    if pyproject is not None and pyproject.is_poetry_only:
        raise ForeignLockError(
            "pyproject.toml declares packages in [tool.poetry] alone, which only Poetry reads.",
            hint=f"poetry lock, then: {_EXPORTS['poetry.lock'][1]}",
        )
    conda = list_conda_names(root)
    if conda:
        raise ForeignLockError(
            f"Nothing here declares packages for a venv: {join_names(conda)} declares conda packages.",
            hint="write what the venv shall have into requirements.txt (an empty one for none)",
        )
