"""What is asked of a locker: to turn what is declared into exact pins, as the text of a lock. Nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pyve.environments.progress import Progress
from pyve.project.conda.channel import Channel
from pyve.project.conda.package import CondaPackage
from pyve.project.locking.lock_target import LockTarget
from pyve.project.manifests.conda_lock_row import LockRow
from pyve.project.requirement import RequirementSet


@dataclass(frozen=True, kw_only=True)
class LockPython:
    """The Python that a lock serves.

    `specifier` is as in requires-python (`>=3.11`), `oldest` its lower end (`3.11`). `interpreter` is the executable
    of the project's own Python, None where none is on this machine; `source` says who asks for it.
    """

    specifier: str
    oldest: str
    interpreter: Path | None
    source: str


@dataclass(frozen=True, kw_only=True)
class CondaSubdirRequest:
    """What one platform of a conda lock asks for: see SolveRequest in engines/conda/engine.py.

    `content_hash` is conda-lock's; `pip` is the pip section as it counts on this platform, and `has_pip` says that
    there is one, if an empty one. `pip_repositories` are conda-lock's own key for indexes. `prefer` are the packages of
    the lock that is there, kept where they fit (none where all are upgraded), and `prefer_pip` its rows of pip.
    """

    specs: tuple[str, ...]
    origins: Mapping[str, str]
    channels: tuple[Channel, ...]
    content_hash: str
    pip: RequirementSet
    prefer: tuple[CondaPackage, ...] = ()
    prefer_pip: tuple[LockRow, ...] = ()
    has_pip: bool = False
    pip_repositories: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CondaLockRequest:
    """What only a conda lock needs: a request for each platform, and how engines are chosen and packages looked for.

    `channels` are as written in environment.yml, variables not filled in: so they stand in the lock. `sources` are the
    declaring files as seen from the lock, with `/`. `category` is that of every row. `notes` are sentences for people.
    """

    subdirs: Mapping[str, CondaSubdirRequest]
    channels: tuple[str, ...]
    sources: tuple[str, ...] = ("environment.yml",)
    category: str = "main"
    priority: str = "strict"
    micromamba: Path | None = None
    keyring: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LockTask:
    """One lock to make. `existing` is the text of the lock that is there: its versions are kept where they fit.

    With `upgrade` nothing is kept, `upgrade_packages` names (normalised) what alone is not. `constraints` are pins of
    locks above, as lines of a constraints file. `environment` is this process's; `work_directory` is private and gone
    afterwards; the tool's output goes to `log`.
    """

    root: Path
    target: LockTarget
    platforms: tuple[str, ...]
    python: LockPython
    work_directory: Path
    log: Path
    cache_directory: Path
    environment: Mapping[str, str]
    existing: str | None = None
    constraints: tuple[str, ...] = ()
    upgrade: bool = False
    upgrade_packages: tuple[str, ...] = ()
    exclude_newer: str | None = None
    offline: bool = False
    index_strategy: str = "best-match"  # or "first-index"
    tool_version: str | None = None  # of a tool with an environment of its own; None: the one pyve was tried with
    conda: CondaLockRequest | None = None


@dataclass(frozen=True, kw_only=True)
class LockedText:
    """The lock without pyve's stamp: the same bytes for the same inputs and the same state of the index.

    `tool` is what made it, with its version: `uv 0.13.9`. `notes` are sentences for people.
    """

    body: str
    tool: str
    notes: tuple[str, ...] = field(default=())


class Locker(Protocol):
    """Something that resolves. Failures are PyveErrors; nothing outside of `work_directory` and caches is written."""

    @property
    def name(self) -> str:
        """`uv`, `pip-tools`, `rattler` or `conda-lock`."""

    def lock(self, task: LockTask, progress: Progress) -> LockedText:
        """Make the lock.

        Raises ResolutionFailedError and the other kinds of BuildFailedError, LockerUnavailableError for a tool that
        cannot run here, LockerUnfitError for a target or platforms that this locker cannot serve.
        """
