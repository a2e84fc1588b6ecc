"""Why a conda engine could not do it, and what a person is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pyve.errors import BuildFailedError, DiskFullError
from pyve.errors.conda import (
    ChannelUnauthorisedError,
    ChannelUnreachableError,
    CondaPackageUnknownError,
    CondaUnsatisfiableError,
    EngineBusyError,
    EngineFailedError,
    MachineUnsuitableError,
    MatchSpecInvalidError,
    NotCachedError,
    PackageCorruptError,
    PrefixForeignError,
    PrefixTooLongError,
)

FailureKind = Literal[
    "unsatisfiable",  # no set of packages satisfies all specs
    "unknown-package",  # no channel has the name
    "bad-spec",
    "channel",  # cannot be reached, or is none
    "unauthorised",
    "not-cached",  # offline
    "corrupt",  # a hash differs, also after a second fetch
    "machine",  # a virtual package is missing
    "disk-full",
    "prefix-too-long",
    "foreign-prefix",
    "busy",
    "failed",
]

_ERRORS: Mapping[str, type] = {
    "unsatisfiable": CondaUnsatisfiableError,
    "unknown-package": CondaPackageUnknownError,
    "bad-spec": MatchSpecInvalidError,
    "channel": ChannelUnreachableError,
    "unauthorised": ChannelUnauthorisedError,
    "not-cached": NotCachedError,
    "corrupt": PackageCorruptError,
    "machine": MachineUnsuitableError,
    "disk-full": DiskFullError,
    "prefix-too-long": PrefixTooLongError,
    "foreign-prefix": PrefixForeignError,
    "busy": EngineBusyError,
    "failed": EngineFailedError,
}


@dataclass(frozen=True, kw_only=True)
class EngineFailure:
    """What an engine says of a failure: its kind, its own text, and what it is about where it knows.

    `subject` is a package, spec or channel; `virtual_packages` are the machine's; `names` are those that channels have
    and that resemble an unknown one.
    """

    kind: FailureKind
    text: str
    subject: str = ""
    virtual_packages: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()


def to_error(failure: EngineFailure) -> BuildFailedError:
    """The error for a failure, its text redacted."""
    error: BuildFailedError = _ERRORS[failure.kind](failure.text)
    return error
