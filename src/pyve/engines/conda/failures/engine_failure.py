"""Why a conda engine could not do it, in few kinds that both engines tell apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pyve.project.conda.channel import Channel

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


@dataclass(frozen=True, kw_only=True)
class EngineFailure:
    """What an engine says of a failure: its kind, its own text, and what it is about where it knows.

    `subject` is a package, spec, channel or archive; `virtual_packages` are the machine's, or, where `assumes_machine`,
    those of the machines that it was done for, whatever this one has; `names` are those that
    channels have and that resemble an unknown one. `path` is what of the disk it is about: the prefix, the cache for
    `corrupt` and `not-cached`. `expected` and `got` are digests. `log` holds all that the engine said.
    """

    kind: FailureKind
    text: str
    subject: str = ""
    virtual_packages: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    path: Path | None = None
    expected: str = ""
    got: str = ""
    log: Path | None = None
    assumes_machine: bool = False


def name_foreign_channel(spec: str, channels: Sequence[Channel]) -> EngineFailure:
    """The failure of a spec whose `channel::` is not among `channels`."""
    known = ", ".join(channel.name for channel in channels) or "none"
    text = f"{spec.rpartition('::')[0]!r} is not among the channels ({known})"
    return EngineFailure(kind="bad-spec", text=text, subject=spec)
