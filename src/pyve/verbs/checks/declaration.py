"""What the project declares, examined: its manifests, one by one and together, and whether it is what is in use."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyve.environments.choices import Choices
from pyve.environments.record import EnvironmentRecord
from pyve.errors import ManifestUnreadableError, PythonConflictError, PyveError
from pyve.project.backend_rules import list_conda_names, list_python_names
from pyve.project.config import ProjectConfig, read_project_config
from pyve.project.manifest import MANIFEST_KINDS, has_manifest, read_manifest_bytes
from pyve.verbs.checks.findings import Finding, found
from pyve.verbs.demand import (
    Demand,
    choose_project_backend,
    read_demand,
    read_project_declaration,
    request_project_python,
)
from pyve.verbs.situation import Situation


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What came of reading the project; `demand` is None when it cannot be understood."""

    findings: tuple[Finding, ...] = ()
    demand: Demand | None = None


def examine_declaration(situation: Situation, root: Path, choices: Choices, *, may_export: bool = False) -> Declared:
    """Read everything; where that fails, each part on its own, so that one error does not hide the next.

    With `may_export`, another tool's lock is read through that tool.
    """
    findings = [*_examine_readability(root), *_examine_kinds(situation, root, choices)]
    try:
        demand = read_demand(situation, root, choices, may_export=may_export)
    except PyveError as error:
        findings += [_as_finding(one, root) for one in (_errors_of_parts(situation, root, choices) or [error])]
        return Declared(findings=tuple(dict.fromkeys(findings)))
    return Declared(findings=tuple(findings), demand=demand)


def examine_freshness(demand: Demand, record: EnvironmentRecord) -> Iterator[Finding]:
    """Whether the environment in use is the one that the files ask for."""
    if demand.fingerprint == record.fingerprint:
        return
    came = [f"+ {line}" for line in demand.declared if line not in record.declared]
    went = [f"- {line}" for line in record.declared if line not in demand.declared]
    changes = f" ({', '.join((came + went)[:5])})" if came or went else ""
    yield found(
        "environment-stale", f"The project's files ask for another environment than the one in use{changes}.",
        hint="pyve sync",
    )  # fmt: skip


def _examine_readability(root: Path) -> Iterator[Finding]:
    for name in MANIFEST_KINDS:
        if has_manifest(root / name):
            try:
                read_manifest_bytes(root / name)
            except ManifestUnreadableError as error:
                yield _as_finding(error, root)


def _examine_kinds(situation: Situation, root: Path, choices: Choices) -> Iterator[Finding]:
    conda, python = list_conda_names(root), list_python_names(root)
    if not conda or not python:
        return
    try:
        choice = choose_project_backend(situation, root, choices, read_project_config(root))
    except PyveError:
        return  # said where the configuration is read
    message = f"{', '.join(conda)} and {', '.join(python)} are both here; the backend is {choice.name}."
    yield found("manifests-of-both-kinds", message, hint="pyve detect")


def _errors_of_parts(situation: Situation, root: Path, choices: Choices) -> list[PyveError]:
    """The errors of configuration, declaration and Python, each read for itself."""
    errors: list[PyveError] = []
    config, requires_python = ProjectConfig(), None
    try:
        config = read_project_config(root)
    except PyveError as error:
        errors.append(error)
    try:
        requires_python = read_project_declaration(situation, root, choices, config).requires_python
    except PyveError as error:
        errors.append(error)
    try:
        request_project_python(situation, root, choices, config, requires_python=requires_python)
    except PyveError as error:
        errors.append(error)
    return errors


def _as_finding(error: PyveError, root: Path) -> Finding:
    if isinstance(error, ManifestUnreadableError):
        code = "manifest-unreadable"
    elif isinstance(error, PythonConflictError):
        code = "python-conflict"
    else:
        code = "declaration-invalid"
    hint = error.hint or f"pyve detect --project {shlex.quote(str(root))}"
    return found(code, error.message, hint=hint, cause=error.code)
