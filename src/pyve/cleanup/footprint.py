"""What pyve leaves in a repository outside its environments: decided first, shown, then done, ledger before deed."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pyve.cleanup.claims import VenvClaim, claim_link, claim_venv_link
from pyve.cleanup.git_exclude import exclude_from_git
from pyve.cleanup.ignore_coverage import find_missing_lines
from pyve.cleanup.ignore_lines import add_lines, is_ours_alone
from pyve.cleanup.ledger import LedgerEntry, add_entries, forget_entries, read_ledger
from pyve.cleanup.recognition import heal_ledger
from pyve.environments.pointing import STABLE_LINK, VENV_LINK
from pyve.environments.store import SELF_IGNORING, EnvironmentStore
from pyve.errors import PyveError, RefusedError
from pyve.system.files import digest_file, is_link, tell_disk_errors

_ASIDE = ".venv.before-pyve"


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
    notes: tuple[str, ...] = ()

    def shown(self) -> tuple[str, ...]:
        """One sentence for each file outside .pyve that is changed or moved."""
        sentences = []
        blocks: dict[tuple[str, str], list[str]] = {}
        for addition in self.additions:
            entry = addition.entry
            if entry.kind == "moved-aside":
                sentences.append(f"{entry.path.name} moved to {entry.text}; pyve purge moves it back.")
            elif entry.kind == "block":
                blocks.setdefault((entry.path.name, addition.reason), []).append(entry.text)
        for (name, reason), lines in blocks.items():
            sentences.append(f"{name}: {' and '.join(lines)} added ({reason}).")
        return tuple(sentences)


def decide_footprint(
    store: EnvironmentStore,
    *,
    build_backend: str | None,
    ignore: bool,
    take_venv: bool,
    venv_link: bool = True,
) -> Footprint:
    """What a project needs in its tree and in its repository; reads, changes nothing. Call before store.prepare().

    `build_backend` is the text of [build-system].build-backend; `ignore` false is --no-ignore; `venv_link` false
    leaves `.venv` alone. Raises RefusedError where .pyve is a link.
    """
    root = store.state.root
    if is_link(store.workshop):
        hint = f"rm {shlex.quote(str(store.workshop))}"
        raise RefusedError(f"{store.workshop} is a link; pyve keeps nothing behind links.", hint=hint)
    venv = claim_venv_link(store, take_venv=take_venv)
    additions = _workshop_additions(store)
    links = []
    notes = []
    stable = store.workshop / STABLE_LINK
    if claim_link(store, stable) == "foreign":
        notes.append(f"{stable} is not pyve's and is left alone.")
    else:
        links.append(stable)
        additions.append(_addition("link", stable, reason="one stable path for editors and services"))
    if not venv_link:
        venv = "foreign"  # nothing is made there
    elif venv == "foreign":
        notes.append(f"{root / VENV_LINK} is not pyve's: editors still see it. To move it aside: pyve init --take-venv")
    else:
        if venv == "move-aside":
            aside = _free_name(root)
            additions.append(_addition("moved-aside", root / VENV_LINK, text=aside, reason="--take-venv"))
        links.append(root / VENV_LINK)
        additions.append(_addition("link", root / VENV_LINK, reason="where editors and other tools look"))
    excludes, exclude_notes = _exclude_lines(store, venv=venv, additions=additions)
    blocks, block_notes = _block_lines(root, build_backend=build_backend, ignore=ignore)
    return Footprint(
        additions=(*additions, *excludes, *blocks),
        venv=venv,
        links=tuple(links),
        notes=(*notes, *exclude_notes, *block_notes),
    )


def apply_footprint(store: EnvironmentStore, footprint: Footprint) -> tuple[str, ...]:
    """Do what `footprint` says, store.prepare() included; the links are pointed by the caller afterwards.

    The caller holds the project's lock. Done again, it does nothing. Returns notes about ignore lines that could not
    be written, which is no reason not to build.
    """
    state = store.state
    heal_ledger(store)
    add_entries(state, [addition.entry for addition in footprint.additions])
    store.prepare()
    _complete_file_entries(store)
    notes = []
    for addition in footprint.additions:
        entry = addition.entry
        if entry.kind == "moved-aside":
            with tell_disk_errors(entry.path):
                entry.path.rename(state.root / entry.text)
        elif entry.kind in ("block", "exclude-line"):
            try:
                add_lines(entry.path, [entry.text])
            except PyveError as error:
                notes.append(f"{entry.text} is not ignored: {error.message}")
    return tuple(notes)


def _workshop_additions(store: EnvironmentStore) -> list[Addition]:
    known = read_ledger(store.state)
    additions = []
    if not store.workshop.exists():
        additions.append(_addition("folder", store.workshop, reason="environments and the stable link"))
    if store.folder.parent != store.workshop:
        additions.append(_addition("store-folder", store.folder, reason="store.location in the user's settings"))
    elif not store.folder.exists():
        additions.append(_addition("folder", store.folder, reason="environments"))
    for name in SELF_IGNORING:
        path = store.workshop / name
        if not path.exists() and not any(entry.kind == "file" and entry.path == path for entry in known):
            additions.append(_addition("file", path, reason="keeps .pyve out of git and of backups"))
    return additions


def _complete_file_entries(store: EnvironmentStore) -> None:
    """Give the intents to write a file the digest of what was written."""
    intents = [entry for entry in read_ledger(store.state) if entry.kind == "file" and not entry.text]
    completed = [LedgerEntry(kind="file", path=entry.path, text=digest_file(entry.path)) for entry in intents]
    add_entries(store.state, completed)
    forget_entries(store.state, intents)


def _exclude_lines(
    store: EnvironmentStore, *, venv: VenvClaim, additions: list[Addition]
) -> tuple[list[Addition], list[str]]:
    moved = [addition.entry for addition in additions if addition.entry.kind == "moved-aside"]
    paths = [] if venv == "foreign" else [(store.state.root / VENV_LINK, False)]
    paths += [(store.state.root / entry.text, entry.path.is_dir() and not is_link(entry.path)) for entry in moved]
    found, notes = [], []
    for path, is_directory in paths:
        entry, note = exclude_from_git(store, path, is_directory=is_directory)
        if entry is not None:
            found.append(Addition(entry=entry, reason="keeps git status clean"))
        if note:
            notes.append(note)
    return found, notes


def _block_lines(root: Path, *, build_backend: str | None, ignore: bool) -> tuple[list[Addition], list[str]]:
    additions: list[Addition] = []
    notes = []
    for missing in find_missing_lines(root, build_backend=build_backend):
        if missing.note:
            notes.append(missing.note)
        elif not ignore:
            lines = " and ".join(missing.lines)
            notes.append(f"{missing.file.name} lacks {lines} ({missing.reason}); left as it is (--no-ignore).")
        else:
            created = is_ours_alone(missing.file)
            additions += [
                Addition(
                    entry=LedgerEntry(kind="block", path=missing.file, text=line, created=created),
                    reason=missing.reason,
                )
                for line in missing.lines
            ]
    return additions, notes


def _addition(
    kind: Literal["link", "file", "folder", "moved-aside", "store-folder"], path: Path, *, reason: str, text: str = ""
) -> Addition:
    return Addition(entry=LedgerEntry(kind=kind, path=path, text=text), reason=reason)


def _free_name(root: Path) -> str:
    number = 1
    name = _ASIDE
    while (root / name).exists() or is_link(root / name):
        number += 1
        name = f"{_ASIDE}-{number}"
    return name
