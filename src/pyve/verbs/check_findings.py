"""What `pyve check` can find: every kind once, with its severity, its meaning and its remedy.

docs/reference/check.md holds the same table; a test keeps both equal.
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
class FindingKind:
    """One kind of finding; `meaning` and `remedy` are the words of the reference page."""

    code: str
    part: Part
    severity: Severity
    meaning: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found: `message` says what and where, `hint` is what to type, `cause` the code of the error behind it."""

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


@dataclass(frozen=True, kw_only=True)
class Examination:
    """What one examiner brings back."""

    findings: tuple[Finding, ...] = ()
    facts: tuple[Fact, ...] = ()


def found(code: str, message: str, *, hint: str, cause: str | None = None) -> Finding:
    """A finding of the kind `code`, one of KINDS."""
    kind = KINDS[code]
    return Finding(code=code, part=kind.part, severity=kind.severity, message=message, hint=hint, cause=cause)


_MACHINE = (
    ("state-directory-unsafe", Severity.ERROR, "Another user owns pyve's state directory or may write to it; pyve "
     "believes nothing in it.", "`chmod 700` it, or set `PYVE_STATE_DIR` to a directory of your own."),
)  # fmt: skip
_PROJECT: tuple[tuple[str, Severity, str, str], ...] = ()
_ENVIRONMENT = (
    ("no-environment", Severity.WARNING, "The project has no environment in use.", "`pyve sync`"),
    ("environment-damaged", Severity.ERROR, "The environment in use cannot be used as it is.", "`pyve sync`"),
)

KINDS: Mapping[str, FindingKind] = {
    code: FindingKind(code=code, part=part, severity=severity, meaning=meaning, remedy=remedy)
    for part, kinds in ((Part.MACHINE, _MACHINE), (Part.PROJECT, _PROJECT), (Part.ENVIRONMENT, _ENVIRONMENT))
    for code, severity, meaning, remedy in kinds
}
