"""What `pyve check` can find: the code, part and severity of every kind of finding, once.

docs/reference/check.md says what each means and what to do; a test keeps both equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How bad a finding is: an `info` asks for nothing and leaves the exit status 0."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Part(Enum):
    """What was looked at."""

    MACHINE = "machine"
    PROJECT = "project"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found: `message` says what and where, `hint` what to type, `cause` is an error's code."""

    code: str
    part: Part
    severity: Severity
    message: str
    hint: str
    cause: str | None = None


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that was looked at, as it is."""

    part: Part
    name: str
    value: str


_CODES: Mapping[Part, Mapping[Severity, tuple[str, ...]]] = {
    Part.MACHINE: {
        Severity.ERROR: (
            "state-directory-unsafe",
            "state-directory-not-writable",
            "user-settings-invalid",
            "virtualenv-missing",
            "no-interpreter",
            "pip-configuration-invalid",
        ),
        Severity.WARNING: (
            "state-directory-open",
            "cache-directory-not-writable",
            "disk-nearly-full",
            "uv-missing",
            "command-not-on-path",
            "commands-differ",
            "python-home-set",
            "variable-misspelt",
            "hook-not-loaded",
            "hook-lost",
            "hook-file-missing",
            "hook-outdated",
            "startup-block-damaged",
            "examination-incomplete",
            "micromamba-missing",
        ),
        Severity.INFO: (
            "interpreter-silent",
            "pip-configuration-translated",
            "python-path-set",
            "variable-unknown",
            "hook-not-installed",
            "hook-elsewhere",
            "project-not-active",
            "path-entry-duplicate",
            "other-activator",
            "project-gone",
            "conda-engine-missing",
        ),
    },
    Part.PROJECT: {
        Severity.ERROR: (
            "path-unsupported",
            "project-owner-differs",
            "project-not-writable",
            "store-not-executable",
            "manifest-unreadable",
            "declaration-invalid",
            "python-conflict",
            "state-damaged",
            "state-too-new",
        ),
        Severity.WARNING: (
            "path-too-long",
            "store-in-cloud-folder",
            "record-damaged",
            "ledger-entry-lost",
            "lock-stale",
            "git-not-ignoring",
            "workshop-tracked",
            "env-file-changed",
            "env-file-invalid",
        ),
        Severity.INFO: (
            "project-not-initialised",
            "project-denied",
            "env-file-not-approved",
            "store-on-network",
            "manifests-of-both-kinds",
        ),
    },
    Part.ENVIRONMENT: {
        Severity.ERROR: (
            "environment-gone",
            "interpreter-gone",
            "python-gone",
            "python-broken",
            "python-changed",
            "distributions-changed",
            "distribution-duplicate",
            "distribution-damaged",
            "conflict-copy",
            "script-dead",
            "script-unsafe",
            "conda-record-damaged",
            "machine-unsuitable",
        ),
        Severity.WARNING: (
            "no-environment",
            "environment-stale",
            "pyvenv-cfg-changed",
            "requirement-unmet",
            "files-altered",
            "distribution-of-both",
            "link-astray",
        ),
        Severity.INFO: (
            "packages-by-hand",
            "venv-foreign",
            "previous-damaged",
            "build-unfinished",
            "directory-foreign",
            "link-scripts-not-run",
            "constraint-unclear",
            "openmp-missing",
        ),
    },
}
KINDS: Mapping[str, tuple[Part, Severity]] = {
    code: (part, severity)
    for part, severities in _CODES.items()
    for severity, codes in severities.items()
    for code in codes
}


def found(code: str, message: str, *, hint: str, cause: str | None = None) -> Finding:
    """A finding of the kind `code`, one of KINDS."""
    part, severity = KINDS[code]
    return Finding(code=code, part=part, severity=severity, message=message, hint=hint, cause=cause)


def show_count(count: int, one: str, many: str = "") -> str:
    """`1 file`, `3 files`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
