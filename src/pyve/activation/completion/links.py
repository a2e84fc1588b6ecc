"""Links to the completion files of an installation, where bash-completion and fish look for those of a user.

zsh and PowerShell have no such place: there the installed hook brings the completion (completion/loading.py).
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.system.files import make_private_directory, tell_disk_errors
from pyve.system.links import link_target, remove_link, swap_file_link

# Where a wheel's shared data lies below the prefix it is installed in.
_SHARED_BASH = Path("share", "bash-completion", "completions", "pyve")
_SHARED_FISH = Path("share", "fish", "vendor_completions.d", "pyve.fish")


@dataclass(frozen=True, kw_only=True)
class CompletionLink:
    """`link` is to lead to `target`."""

    link: Path
    target: Path


@dataclass(frozen=True, kw_only=True)
class CompletionLinkPlan:
    """`make` is to be linked, `keep` is as it should be, `directories` are to be made, outermost first.

    `refused` are places that stay as they are, and why.
    """

    make: tuple[CompletionLink, ...] = ()
    keep: tuple[Path, ...] = ()
    directories: tuple[Path, ...] = ()
    refused: tuple[tuple[Path, str], ...] = ()

    @property
    def links(self) -> tuple[Path, ...]:
        """All links that are there once the plan is carried out: what a ledger notes, before that."""
        return tuple(sorted([*self.keep, *(each.link for each in self.make)]))


def plan_completion_links(
    prefix: Path, *, folder: Path, home: Path, environment: Mapping[str, str], known: Iterable[Path] = ()
) -> CompletionLinkPlan:
    """Decide which links lead to the completion files in `prefix`, one of the private environments in `folder`.

    A link is ours when it leads into `folder`; anything else at its place stays. `known` are links that were made
    earlier, maybe with other places in the environment: those that are still ours are kept.
    """
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share")
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    wanted = {
        data / "bash-completion" / "completions" / "pyve": prefix / _SHARED_BASH,
        # Not the user's directory for vendors, which older versions of fish do not read.
        config / "fish" / "completions" / "pyve.fish": prefix / _SHARED_FISH,
    }
    make: list[CompletionLink] = []
    keep = [link for link in find_own_links(known, folder=folder) if link not in wanted]
    refused: list[tuple[Path, str]] = []
    missing: set[Path] = set()
    for place, target in wanted.items():
        if not target.is_file():
            continue
        fault = _find_fault(place, folder)
        if fault:
            refused.append((place, fault))
        elif link_target(place) == target:
            keep.append(place)
        else:
            make.append(CompletionLink(link=place, target=target))
            missing.update(parent for parent in place.parents if not parent.exists())
    return CompletionLinkPlan(
        make=tuple(make), keep=tuple(keep), directories=tuple(sorted(missing)), refused=tuple(refused)
    )


def link_completions(plan: CompletionLinkPlan) -> None:
    """Make the links, each swapped in whole. The caller has noted `plan.links`; raises the errors of writing."""
    for wanted in plan.make:
        make_private_directory(wanted.link.parent)
        swap_file_link(wanted.link, wanted.target)


def find_own_links(links: Iterable[Path], *, folder: Path) -> tuple[Path, ...]:
    """Those of `links` that lead into `folder`: what may be replaced and taken out."""
    return tuple(link for link in links if _leads_into(link, folder))


def unlink_completions(links: Iterable[Path], *, folder: Path) -> None:
    """Take out those of `links` that still lead into `folder`; raises the errors of writing."""
    for link in find_own_links(links, folder=folder):
        with tell_disk_errors(link):
            remove_link(link)


def _leads_into(link: Path, folder: Path) -> bool:
    target = link_target(link)
    return target is not None and target.is_relative_to(folder)


def _find_fault(place: Path, folder: Path) -> str:
    """Why nothing may be put at `place`; empty where it may."""
    if any(parent.is_symlink() and not parent.exists() for parent in place.parents):
        return "a directory above it is a link that leads to nothing"
    if any(parent.exists() and not parent.is_dir() for parent in place.parents):
        return "a directory above it is a file"
    if _leads_into(place, folder) or not os.path.lexists(place):
        return ""
    return "it is there already and is not from this installation"
