"""What pyve leaves in a repository outside its environments: decided first, shown, then done, ledger before deed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pyve.cleanup.ledger import LedgerEntry
from pyve.environments.store import EnvironmentStore

VenvClaim = Literal["absent", "ours", "foreign", "move-aside"]


@dataclass(frozen=True, kw_only=True)
class Addition:
    """One thing that will be made; `reason` is for people."""

    entry: LedgerEntry
    reason: str


@dataclass(frozen=True, kw_only=True)
class Footprint:
    """What init adds to the project. `links` are the links it may point (for pointing.refresh_links)."""

    additions: tuple[Addition, ...] = ()
    venv: VenvClaim = "absent"
    links: tuple[Path, ...] = ()
    notes: tuple[str, ...] = field(default=())


def decide_footprint(
    store: EnvironmentStore,
    *,
    state_directory: str,
    build_backend: str | None,
    ignore: bool,
    take_venv: bool,
) -> Footprint:
    """What a project needs in its tree and in its repository; reads, changes nothing. Call before store.prepare().

    `build_backend` is the text of [build-system].build-backend; `ignore` false is --no-ignore.
    """
    raise NotImplementedError


def apply_footprint(store: EnvironmentStore, footprint: Footprint) -> None:
    """Do what `footprint` says, store.prepare() included; the links are pointed by the caller afterwards.

    The caller holds the project's lock. Done again, it does nothing.
    """
    raise NotImplementedError


def expect_build_outputs(store: EnvironmentStore) -> None:
    """Remember, before an editable build, which *.egg-info directories are there. The caller holds the lock."""
    raise NotImplementedError


def claim_build_outputs(store: EnvironmentStore, *, state_directory: str) -> tuple[Addition, ...]:
    """Put the *.egg-info directories that came since expect_build_outputs into the ledger and the exclude file.

    Also right after a build that failed or was killed: what it left is found by the next call. Lock held.
    """
    raise NotImplementedError
