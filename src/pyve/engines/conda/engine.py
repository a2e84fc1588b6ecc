"""What is asked of a conda engine: to solve, and to build a prefix that is not there. Nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from pyve.environments.progress import Progress
from pyve.project.conda.channel import Channel
from pyve.project.conda.package import CondaPackage

ChannelPriority = Literal["strict", "disabled"]
Links = Literal["auto", "copy"]


@dataclass(frozen=True, kw_only=True)
class EngineSurroundings:
    """What an engine works in.

    `cache_directory` is pyve's own cache; an engine keeps its packages and repodata in a folder of its own there.
    `environment` is this process's. `log` gets what the engine says, redacted. `work_directory` is private, empty, and
    removed by the caller. `inherited_descriptors` (the build lock) stay open in every process the engine starts.
    `micromamba` is the executable that was configured or bootstrapped, None where there is none.
    """

    cache_directory: Path
    environment: Mapping[str, str]
    log: Path
    work_directory: Path
    inherited_descriptors: tuple[int, ...] = ()
    micromamba: Path | None = None


@dataclass(frozen=True, kw_only=True)
class SolveRequest:
    """Find packages for `specs` (MatchSpec texts, read leniently) from `channels` (the first one foremost).

    `virtual_packages` maps names to `version` or `version=build`; None: those of this machine, CONDA_OVERRIDE_*
    counted. `prefer` are packages of an earlier resolution, kept where they fit; with `prefer_from_channels` they are
    known by their URLs alone, and count as the channels have them, or not at all. pip comes with python, as micromamba
    has it. `origins` maps specs to `file:line`, for messages. Packages made after `exclude_newer` (RFC 3339, in UTC)
    do not exist, nor do those that do not say when they were made.
    """

    specs: tuple[str, ...]
    channels: tuple[Channel, ...]
    subdir: str
    origins: Mapping[str, str] = field(default_factory=dict)
    virtual_packages: Mapping[str, str] | None = None
    prefer: tuple[CondaPackage, ...] = ()
    prefer_from_channels: bool = False
    priority: ChannelPriority = "strict"
    exclude_newer: str | None = None
    offline: bool = False


@dataclass(frozen=True, kw_only=True)
class Solution:
    """The packages that satisfy a request, sorted by name, and the virtual packages that were counted on."""

    packages: tuple[CondaPackage, ...]
    virtual_packages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PrefixRequest:
    """Link `packages` into `prefix`, which is absolute and absent. `channels` say by which mirrors they are fetched.

    With `links` "copy" no file is shared with the cache. `run_link_scripts` lets packages' post-link scripts run.
    """

    packages: tuple[CondaPackage, ...]
    prefix: Path
    subdir: str
    channels: tuple[Channel, ...] = ()
    links: Links = "auto"
    run_link_scripts: bool = False
    offline: bool = False


@dataclass(frozen=True, kw_only=True)
class BuiltPrefix:
    """What linking left out: packages whose link scripts did not run, and packages whose menu items were not made.

    `virtual_packages` are those of this machine, as the engine detects them; `clobbered` are paths that two packages
    own; `unverified` are packages for which nobody gave a hash. `notes` are sentences that a person should read, of
    credentials that could not be used for example.
    """

    link_scripts: tuple[str, ...] = ()
    menus: tuple[str, ...] = ()
    clobbered: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    virtual_packages: Mapping[str, str] = field(default_factory=dict)


class CondaEngine(Protocol):
    """A program or library that understands conda packages. Failures are PyveErrors (engines/conda/failures/)."""

    @property
    def name(self) -> str:
        """`rattler` or `micromamba`."""

    def version(self) -> str:
        """Its own version, as in `0.28.0`."""

    def solve(self, request: SolveRequest, progress: Progress) -> Solution:
        """Find the packages. Raises CondaUnsatisfiableError and the other kinds of BuildFailedError."""

    def build(self, request: PrefixRequest, progress: Progress) -> BuiltPrefix:
        """Make the prefix, every package verified by its hash, or raise; what is there then the caller sweeps."""

    def close(self) -> None:
        """End what the engine has started; nothing of it runs on."""
