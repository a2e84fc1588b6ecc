"""`pyve self install`: put the command of a private environment on PATH, and note it down for uninstalling.

install.sh calls it after each build of the private environment; it heals a link or ledger that is gone.
"""

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.activation.completion.links import CompletionLinkPlan, link_completions, plan_completion_links
from pyve.errors import RefusedError
from pyve.system.files import is_link, make_private_directory, remove_tree, write_atomically
from pyve.system.launcher import render_launcher
from pyve.system.links import link_target, swap_file_link
from pyve.system.own_installation import (
    MADE_DIRECTORIES_NAME,
    MARKER,
    InstallLedger,
    describe_own_installation,
    read_install_ledger,
    write_install_ledger,
)
from pyve.verbs.outcome import Outcome

_BUILD_NAME = re.compile(r"[0-9]+-[0-9]+")
_UNFINISHED_IS_DEAD_AFTER_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class SelfInstallRequest:
    """`prefix` is the environment this pyve runs from (sys.prefix), `now` seconds since the epoch."""

    prefix: Path
    home: Path
    environment: Mapping[str, str]
    now: float
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class SelfInstallPlan:
    """What is to be done. `superseded` are older private environments, and builds that died."""

    link: Path
    command: Path
    launcher: str
    launcher_is_there: bool
    link_is_there: bool
    superseded: tuple[Path, ...]
    completions: CompletionLinkPlan
    ledger: InstallLedger
    ledger_is_there: bool

    @property
    def is_empty(self) -> bool:
        """Whether everything is as it should be."""
        is_there = self.launcher_is_there and self.link_is_there and self.ledger_is_there
        return is_there and not self.superseded and not self.completions.make


@dataclass(frozen=True, kw_only=True)
class SelfInstallResult:
    """`changed` says whether anything was done (or, in a dry run, would be); `removed` are superseded environments.

    `completions` are the links to the completion files of shells that are there in the end.
    """

    link: Path
    environment: Path
    completions: tuple[Path, ...]
    removed: tuple[Path, ...]
    changed: bool
    dry_run: bool


def self_install(request: SelfInstallRequest) -> Outcome[SelfInstallResult]:
    """Link `~/.local/bin/pyve` to this private environment and take older ones out.

    Raises RefusedError when this pyve is not a private one, or something of the user's stands where the link goes.
    """
    plan = plan_self_install(request)
    if not request.dry_run:
        _apply(plan)
    result = SelfInstallResult(
        link=plan.link,
        environment=request.prefix,
        completions=plan.completions.links,
        removed=plan.superseded,
        changed=not plan.is_empty,
        dry_run=request.dry_run,
    )
    notes = tuple(f"The completion at {place} stays as it is: {why}." for place, why in plan.completions.refused)
    return Outcome(data=result, notes=(*_path_notes(plan.link.parent, request), *notes))


def plan_self_install(request: SelfInstallRequest) -> SelfInstallPlan:
    """Decide what `self_install` does, changing nothing; raises as it does."""
    installation = describe_own_installation(request.prefix)
    if installation.installer != "install.sh":
        if installation.installer == "none":
            raise RefusedError("This pyve runs from a source tree.", hint="sh install.sh, in that tree")
        raise RefusedError(
            f"This pyve was installed by {installation.installer}, which provides its command; nothing was changed.",
            hint=f"to uninstall it: {installation.uninstall_command}",
        )
    folder = request.prefix.parent
    link = request.home / ".local" / "bin" / "pyve"
    command = request.prefix / "bin" / "pyve"
    launcher = render_launcher(request.prefix / "bin" / "python")
    _refuse_what_is_not_ours(link, folder)
    known = read_install_ledger(folder)
    completions = plan_completion_links(
        request.prefix,
        folder=folder,
        home=request.home,
        environment=request.environment,
        known=known.completions if known else (),
    )
    missing = tuple(path for path in reversed((link.parent, *link.parent.parents)) if not path.exists())
    missing = tuple(dict.fromkeys((*missing, *completions.directories)))
    already_made = known.directories if known else _directories_made_by_the_script(folder)
    ledger = InstallLedger(
        link=link,
        environments=(request.prefix,),
        directories=(*already_made, *(path for path in missing if path not in already_made)),
        completions=completions.links,
    )
    return SelfInstallPlan(
        link=link,
        command=command,
        launcher=launcher,
        launcher_is_there=command.is_file() and command.read_bytes() == os.fsencode(launcher),
        link_is_there=link_target(link) == command,
        superseded=_find_superseded(folder, keep=request.prefix, now=request.now),
        completions=completions,
        ledger=ledger,
        ledger_is_there=known == ledger,
    )


def _refuse_what_is_not_ours(link: Path, folder: Path) -> None:
    target = link_target(link)
    if target is not None and target.is_relative_to(folder):
        return
    if target is not None or link.exists():
        leads = f" (it leads to {target})" if target is not None else ""
        raise RefusedError(
            f"{link} is there already and is not from this installer{leads}; it was left as it is.",
            hint=f"uninstall that one, or move it away: mv {shlex.quote(str(link))} {shlex.quote(f'{link}.before')}",
        )


def _directories_made_by_the_script(folder: Path) -> tuple[Path, ...]:
    try:
        text = (folder / MADE_DIRECTORIES_NAME).read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return ()
    lines = (Path(line) for line in text.splitlines())
    return tuple(path for path in lines if path == folder or path in folder.parents)


def _find_superseded(folder: Path, *, keep: Path, now: float) -> tuple[Path, ...]:
    """Other environments of install.sh: finished ones, and unfinished ones too old to be still under way."""
    found = []
    for path in sorted(folder.iterdir()):
        if path == keep or is_link(path) or not path.is_dir() or not _BUILD_NAME.fullmatch(path.name):
            continue
        if (path / MARKER).exists() or now - path.stat().st_mtime > _UNFINISHED_IS_DEAD_AFTER_SECONDS:
            found.append(path)
    return tuple(found)


def _apply(plan: SelfInstallPlan) -> None:
    """Ledger first, so that what a kill leaves behind is known; then the link, swapped whole; then the old ones."""
    folder = plan.command.parent.parent.parent
    if not plan.ledger_is_there:
        # Until the old ones are gone they are still ours.
        environments = (*plan.ledger.environments, *plan.superseded)
        write_install_ledger(folder, replace(plan.ledger, environments=environments))
    if not plan.launcher_is_there:
        write_atomically(plan.command, os.fsencode(plan.launcher), mode=0o755)
    if not plan.link_is_there:
        make_private_directory(plan.link.parent)
        swap_file_link(plan.link, plan.command)
    link_completions(plan.completions)
    for path in plan.superseded:
        remove_tree(path, inside=folder)
    if not plan.ledger_is_there:
        write_install_ledger(folder, plan.ledger)
        (folder / MADE_DIRECTORIES_NAME).unlink(missing_ok=True)


def _path_notes(directory: Path, request: SelfInstallRequest) -> tuple[str, ...]:
    if os.fspath(directory) in request.environment.get("PATH", "").split(os.pathsep):
        return ()
    shell = Path(request.environment.get("SHELL", "")).name
    if shell == "fish":
        return (f"{directory} is not on PATH; to add it: fish_add_path ~/.local/bin",)
    # SHELL is the login shell; which others are used as well cannot be known.
    places = {"zsh": "~/.zshrc (bash: ~/.bashrc)", "bash": "~/.bashrc (zsh: ~/.zshrc)"}
    line = 'export PATH="$HOME/.local/bin:$PATH"'
    told = f"{directory} is not on PATH; add this line to {places.get(shell, '~/.profile (zsh: ~/.zshrc)')}: {line}"
    return (told, "In fish, instead of that line: fish_add_path ~/.local/bin")
