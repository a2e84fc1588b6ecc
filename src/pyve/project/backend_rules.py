"""The rules that may choose a backend, the strongest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.project.conda.subdir import SUBDIRS, current_subdir
from pyve.project.manifest import MANIFEST_KINDS, has_manifest

BACKEND_VARIABLE = "PYVE_BACKEND"

CONDA_KINDS = frozenset({"environment", "conda-lock", "explicit-list"})
PIN_KINDS = frozenset({"python-pin", "tool-versions"})
_NOT_PYTHON_KINDS = CONDA_KINDS | PIN_KINDS | {"configuration"}


@dataclass(frozen=True, kw_only=True)
class BackendRule:
    """One rule: the backend it wants (None: it does not apply, because of `absent`) and what it goes by."""

    name: str
    wants: str | None
    evidence: tuple[str, ...]
    absent: str = ""
    where: str = ""


def list_rules(
    root: Path,
    *,
    option: str | None,
    environment: Mapping[str, str],
    configured: str | None,
    configured_in: str | None,
) -> tuple[BackendRule, ...]:
    """Return all rules, the strongest first; the last one always applies."""
    where = configured_in or "the configuration"
    conda, python = list_conda_names(root), list_python_names(root)
    conda_evidence = [f"{join_names(conda)} {_is(conda)} here: conda packages are declared."]
    if python:
        conda_evidence.append(
            f"{join_names(python)} {_is(python)} here too, but a file that declares conda packages wins."
        )
    return (
        BackendRule(
            name="option",
            wants=option or None,
            evidence=(f"--backend {option} was given.",),
            absent="--backend was not given",
            where="--backend",
        ),
        BackendRule(
            name=BACKEND_VARIABLE,
            wants=environment.get(BACKEND_VARIABLE) or None,
            evidence=(f"{BACKEND_VARIABLE} is {environment.get(BACKEND_VARIABLE)}.",),
            absent=f"{BACKEND_VARIABLE} is not set",
            where=BACKEND_VARIABLE,
        ),
        BackendRule(
            name="configuration",
            wants=configured or None,
            evidence=(f"{where} says that the backend is {configured}.",),
            absent="neither pyve.toml nor [tool.pyve] names a backend",
            where=where,
        ),
        BackendRule(
            name="conda-manifest",
            wants="micromamba" if conda else None,
            evidence=tuple(conda_evidence),
            absent="there is no environment.yml, no conda-lock.yml and no @EXPLICIT list",
        ),
        BackendRule(
            name="python-manifest",
            wants="venv" if python else None,
            evidence=(f"{join_names(python)} {_is(python)} here, and no file that declares conda packages.",),
            absent="there is no file of a Python project",
        ),
        BackendRule(
            name="default",
            wants="venv",
            evidence=("No file here says which backend to use: venv is the default.", *_tell_other_lists(root)),
        ),
    )


def list_conda_names(root: Path) -> tuple[str, ...]:
    """Return the names of the files at `root` that declare its conda packages.

    environment.yml comes before environment.yaml, and stands together with conda-lock.yml; an explicit list counts
    where none of them is, one of them alone.
    """
    found = {name: kind for name, kind in MANIFEST_KINDS.items() if kind in CONDA_KINDS and has_manifest(root / name)}
    lists = [name for name, kind in found.items() if kind == "explicit-list"]
    environments = [name for name, kind in found.items() if kind == "environment"]
    locks = [name for name, kind in found.items() if kind == "conda-lock"]
    return (*environments[:1], *locks) or tuple(lists[:1])


def list_python_names(root: Path) -> tuple[str, ...]:
    """Return the names of the files at `root` that make it a Python project."""
    return tuple(
        name for name, kind in MANIFEST_KINDS.items() if kind not in _NOT_PYTHON_KINDS and has_manifest(root / name)
    )


def _tell_other_lists(root: Path) -> tuple[str, ...]:
    """That explicit lists are here which say nothing to this machine: they are of other platforms."""
    names = (f"conda-{subdir}.lock" for subdir in SUBDIRS)
    others = tuple(name for name in names if name not in MANIFEST_KINDS and has_manifest(root / name))
    if not others:
        return ()
    return (f"{join_names(others)} {_is(others)} for another platform than {current_subdir()}.",)


def join_names(names: tuple[str, ...]) -> str:
    """Return the names as a person lists them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _is(names: tuple[str, ...]) -> str:
    return "is" if len(names) == 1 else "are"
