"""`pyve self uninstall`: take out exactly what install.sh and `self install` made, and nothing a person made."""

import contextlib
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from pyve.activation.completion.links import find_own_links, unlink_completions
from pyve.activation.startup.plan import HookPlan, apply_plan
from pyve.errors import PartlyDoneError, PyveError, RefusedError
from pyve.system.files import is_link, remove_tree, tell_disk_errors
from pyve.system.links import link_target
from pyve.system.own_installation import (
    LEDGER_NAME,
    MADE_DIRECTORIES_NAME,
    InstallLedger,
    describe_own_installation,
    read_install_ledger,
)
from pyve.verbs.outcome import Outcome, Problem


@dataclass(frozen=True, kw_only=True)
class SelfUninstallRequest:
    """`prefix` is the environment this pyve runs from; `kept_places` are the user's directories that stay.

    `hooks` is how the hooks come out of the user's startup files. `programs` are directories with what was fetched for
    the user: micromamba.
    """

    prefix: Path
    hooks: HookPlan = field(default_factory=lambda: HookPlan(changes=()))
    state_directory: str = ""
    kept_places: tuple[Path, ...] = ()
    programs: tuple[Path, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class SelfUninstallPlan:
    """What is removed, in this order: links, programs, environments, files; then the directories that are left empty.

    `refused` are things of the ledger that are not what was made: (path, why it stays).
    """

    folder: Path
    link: Path | None
    completions: tuple[Path, ...]
    programs: tuple[Path, ...]
    environments: tuple[Path, ...]
    files: tuple[Path, ...]
    directories: tuple[Path, ...]
    keep: tuple[Path, ...]
    refused: tuple[tuple[Path, str], ...]

    @property
    def everything(self) -> tuple[Path, ...]:
        """All that goes, in order; of the directories only those that hold nothing else."""
        links = (*((self.link,) if self.link else ()), *self.completions)
        return (*links, *self.programs, *self.environments, *self.files, *self.directories)


@dataclass(frozen=True, kw_only=True)
class SelfUninstallResult:
    """What was (or, in a dry run, would be) removed, startup files that lost a hook, and what of the user's stays."""

    removed: tuple[Path, ...]
    edited: tuple[Path, ...]
    kept: tuple[Path, ...]
    dry_run: bool


def self_uninstall(request: SelfUninstallRequest) -> Outcome[SelfUninstallResult]:
    """Remove hooks, link, private environments and the ledger; configuration and state of the user stay.

    Raises RefusedError when another installer put this pyve here: its own command is the hint. Exit status 8 when
    something was not removed.
    """
    plan = plan_self_uninstall(request)
    problems = [Problem(code=RefusedError.code, message=f"{path} stays: {why}.") for path, why in plan.refused]
    problems += map(Problem.of, request.hooks.problems)
    if not request.dry_run:
        problems += [*_take_hooks_out(request), *_apply(plan)]
    going = [*(change.file for change in request.hooks.changes if change.action == "remove"), *plan.everything]
    removed = tuple(path for path in going if request.dry_run or not os.path.lexists(path))
    edited = tuple(change.file for change in request.hooks.changes if change.action == "edit")
    return Outcome(
        data=SelfUninstallResult(removed=removed, edited=edited, kept=plan.keep, dry_run=request.dry_run),
        problems=tuple(problems),
        exit_status=PartlyDoneError.exit_status if problems else 0,
    )


def plan_self_uninstall(request: SelfUninstallRequest) -> SelfUninstallPlan:
    """Decide what `self_uninstall` removes, changing nothing; raises as it does."""
    installation = describe_own_installation(request.prefix)
    if installation.installer == "none":
        raise RefusedError("This pyve runs from a source tree; nothing is installed.")
    if installation.installer != "install.sh":
        raise RefusedError(
            f"This pyve was installed by {installation.installer}, which also uninstalls it.",
            hint=("pyve hook --uninstall; " if request.hooks.changes else "") + installation.uninstall_command,
        )
    folder = request.prefix.parent
    ledger = read_install_ledger(folder)
    if ledger is None:
        raise RefusedError(
            f"{folder / LEDGER_NAME} is gone; without it pyve does not know what it may remove.",
            hint="pyve self install writes it anew",
        )
    return _plan_removal(folder, ledger, request)


def _plan_removal(folder: Path, ledger: InstallLedger, request: SelfUninstallRequest) -> SelfUninstallPlan:
    refused: list[tuple[Path, str]] = []
    environments = []
    for path in ledger.environments:
        if path.parent != folder or is_link(path) or is_link(folder):
            refused.append((path, f"it is not a directory of this installation in {folder}"))
        elif path.is_dir():
            environments.append(path)
    link = None
    target = link_target(ledger.link)
    if target is not None and target.is_relative_to(folder):
        link = ledger.link
    elif target is not None or ledger.link.exists():
        refused.append((ledger.link, "it does not lead to this installation"))
    completions = find_own_links(ledger.completions, folder=folder)
    programs = [path for path in request.programs if path.is_dir() and not is_link(path)]
    files = [path for path in (folder / MADE_DIRECTORIES_NAME, folder / LEDGER_NAME) if path.is_file()]
    return SelfUninstallPlan(
        folder=folder,
        link=link,
        completions=completions,
        programs=tuple(programs),
        environments=tuple(environments),
        files=tuple(files),
        directories=_find_emptied(
            {folder, *ledger.directories},
            removed={*programs, *environments, *files, *completions, *((link,) if link else ())},
        ),
        keep=tuple(path for path in request.kept_places if path.exists()),
        refused=tuple(refused),
    )


def _find_emptied(directories: Collection[Path], *, removed: Collection[Path]) -> tuple[Path, ...]:
    """Those of `directories` that will hold nothing once `removed` is gone, deepest first."""
    gone = set(removed)
    emptied = []
    for path in sorted(directories, key=lambda path: (-len(path.parts), path)):
        if path.is_dir() and not is_link(path) and gone.issuperset(path.iterdir()):
            gone.add(path)
            emptied.append(path)
    return tuple(emptied)


def _take_hooks_out(request: SelfUninstallRequest) -> list[Problem]:
    try:
        apply_plan(request.hooks, state_directory=request.state_directory)
    except PyveError as error:
        return [Problem.of(error)]
    return []


def _apply(plan: SelfUninstallPlan) -> list[Problem]:
    """Carry the plan out as far as it goes; the ledger goes after all it lists, so that the rest can be tried again."""
    try:
        with tell_disk_errors(plan.folder):
            if plan.link is not None:
                plan.link.unlink(missing_ok=True)
            unlink_completions(plan.completions, folder=plan.folder)
            for path in plan.programs:
                remove_tree(path, inside=path.parent)
            for path in plan.environments:
                remove_tree(path, inside=plan.folder)
            for path in plan.files:
                path.unlink(missing_ok=True)
            for path in plan.directories:
                with contextlib.suppress(FileNotFoundError):
                    path.rmdir()
    except PyveError as error:
        return [Problem.of(error)]
    return []
