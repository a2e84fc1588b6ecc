"""What purge takes out: what the state and the ledger list, as far as it is still what pyve made."""

import os
import re
import shlex
from pathlib import Path

from pyve.cleanup.build_outputs import unclaimed_outputs
from pyve.cleanup.claims import claim_link
from pyve.cleanup.egg_info import find_outputs
from pyve.cleanup.environment_removals import FOREIGN, plan_environment_removals, stores_of
from pyve.cleanup.ignore_lines import has_line, is_needed_elsewhere
from pyve.cleanup.ledger import LedgerEntry, is_ledger_whole
from pyve.cleanup.recognition import ledger_of
from pyve.cleanup.removal_plan import Kept, Refused, Removal, RemovalKind, RemovalPlan, join_plans
from pyve.environments.pointing import STABLE_LINK, VENV_LINK
from pyve.environments.store import EnvironmentStore
from pyve.system.files import digest_file, is_link, measure_tree

OUTPUT_UNKNOWN = "perhaps left by a build of pyve: the ledger, which said so, is lost or damaged"
_REMNANT = re.compile(r"\.link-[0-9a-f]{8}|\.new-\w+")  # of writes that were killed


def plan_purge(store: EnvironmentStore, *, state_directory: str, keep_env: bool) -> RemovalPlan:
    """The plan for one registered project. Reads, changes nothing; raises StateTooNewError.

    `keep_env` leaves `.pyve` with the environments, the state, and the ignore-file blocks that keep `.pyve` out of
    builds and images; the `.venv` link, build outputs and exclude lines go, and what was moved aside comes back.
    """
    ledger = ledger_of(store)
    footprint = join_plans(
        [_plan_venv(store, ledger), _plan_outputs(store, ledger), _plan_excludes(store, ledger, state_directory)]
    )
    if keep_env:
        return join_plans([footprint, _keep_environments(store, ledger)])
    environments = plan_environment_removals(store, reason_to_keep=lambda _: None, reason="made by pyve")
    workshop = _plan_workshop(store, ledger, environments)
    plan = join_plans([environments, footprint, _plan_blocks(store, ledger), workshop])
    if plan.refused:
        waiting = Kept(path=os.fspath(store.state.directory), reason="the state stays until all of it can go")
        return join_plans([plan, RemovalPlan(keep=(waiting,))])
    return join_plans([plan, RemovalPlan(remove=(_state_removal(store),))])


def _plan_venv(store: EnvironmentStore, ledger: tuple[LedgerEntry, ...]) -> RemovalPlan:
    link = store.state.root / VENV_LINK
    claim = claim_link(store, link)
    if claim == "foreign" and not any(_leads_into(part, link) for part in stores_of(store)[1:]):
        return RemovalPlan(keep=(Kept(path=os.fspath(link), reason="not pyve's"),))
    removals = [] if claim == "absent" else [_removal(store, link, "link", reason="leads to an environment of pyve")]
    moved = [entry for entry in ledger if entry.kind == "moved-aside"]
    moved = [entry for entry in moved if (aside := store.state.root / entry.text).exists() or is_link(aside)]
    if moved:  # what was moved aside last is what the user had last
        back = _removal(
            store, link, "moved-aside", reason=f"{moved[-1].text} gets its name back", detail=moved[-1].text
        )
        removals.append(back)
    earlier = tuple(
        Kept(path=os.fspath(store.state.root / entry.text), reason="moved aside earlier; .venv can be only one")
        for entry in moved[:-1]
    )
    return RemovalPlan(remove=tuple(removals), keep=earlier)


def _leads_into(store: EnvironmentStore, link: Path) -> bool:
    return claim_link(store, link) == "ours"


def _plan_outputs(store: EnvironmentStore, ledger: tuple[LedgerEntry, ...]) -> RemovalPlan:
    paths = [entry.path for entry in ledger if entry.kind == "build-output"] + unclaimed_outputs(store.state)
    removals = [
        _removal(store, path, "build-output", reason="left by an editable build of pyve", size=measure_tree(path))
        for path in dict.fromkeys(paths)
        if path.is_dir() and not is_link(path) and not is_link(path.parent)
    ]
    if is_ledger_whole(store.state):
        return RemovalPlan(remove=tuple(removals))
    unknown = [path for path in find_outputs(store.state.root) if path not in paths]
    keep = tuple(Kept(path=os.fspath(path), reason=OUTPUT_UNKNOWN) for path in unknown)
    return RemovalPlan(remove=tuple(removals), keep=keep)


def _plan_excludes(store: EnvironmentStore, ledger: tuple[LedgerEntry, ...], state_directory: str) -> RemovalPlan:
    removals, keep = [], []
    for entry in ledger:
        if entry.kind != "exclude-line" or not has_line(entry.path, entry.text):
            continue
        if is_needed_elsewhere(entry, store.state, state_directory=state_directory):
            keep.append(
                Kept(path=os.fspath(entry.path), reason=f"{entry.text} is needed by another project of the repository")
            )
        elif (entry.path.parents[1] / "HEAD").is_file():
            removals.append(_line_removal(store, entry))
    return RemovalPlan(remove=tuple(removals), keep=tuple(keep))


def _plan_blocks(store: EnvironmentStore, ledger: tuple[LedgerEntry, ...]) -> RemovalPlan:
    blocks = [entry for entry in ledger if entry.kind == "block" and has_line(entry.path, entry.text)]
    return RemovalPlan(
        remove=tuple(_line_removal(store, entry) for entry in blocks if not is_link(entry.path)),
        refused=tuple(
            Refused(path=os.fspath(entry.path), reason="is a link now; take our lines out by hand")
            for entry in blocks
            if is_link(entry.path)
        ),
    )


def _plan_workshop(store: EnvironmentStore, ledger: tuple[LedgerEntry, ...], environments: RemovalPlan) -> RemovalPlan:
    """What lies in .pyve beside the environments, the folders, and a store elsewhere."""
    workshop = store.workshop
    elsewhere = tuple(
        _removal(store, part.folder, "store-folder", reason="held the environments")
        for part in stores_of(store)
        if part.folder.parent != workshop and part.folder.is_dir() and not is_link(part.folder)
    )
    if is_link(workshop):
        reason = f"is a link, which pyve does not make: rm {shlex.quote(str(workshop))}"
        return RemovalPlan(remove=elsewhere, refused=(Refused(path=os.fspath(workshop), reason=reason),))
    if not workshop.is_dir():
        return RemovalPlan(remove=elsewhere)
    removals, keep = _plan_workshop_entries(store, ledger)
    files = [entry for entry in ledger if entry.kind == "file" and digest_file(entry.path) != "-"]
    stays = bool(keep) or bool(environments.refused) or any(_lies_in(kept.path, workshop) for kept in environments.keep)
    if stays:
        reason = "keeps what stays in .pyve out of git"
        keep += [Kept(path=os.fspath(path), reason=reason) for path in dict.fromkeys(entry.path for entry in files)]
    else:
        for entry in files:
            if entry.text in ("", digest_file(entry.path)):
                removals.append(_removal(store, entry.path, "file", reason="written by pyve", detail=entry.text))
            elif not any(other.path == entry.path and other.text == digest_file(other.path) for other in files):
                keep.append(Kept(path=os.fspath(entry.path), reason="changed since pyve wrote it"))
    made = {entry.path for entry in ledger if entry.kind == "folder"}
    removals += [
        _removal(store, folder, "folder", reason="made by pyve; only when empty")
        for folder in (workshop / "envs", workshop)
        if folder in made and folder.is_dir()
    ]
    return RemovalPlan(remove=(*removals, *elsewhere), keep=tuple(keep))


def _plan_workshop_entries(
    store: EnvironmentStore, ledger: tuple[LedgerEntry, ...]
) -> tuple[list[Removal], list[Kept]]:
    removals: list[Removal] = []
    keep: list[Kept] = []
    ours = {entry.path for entry in ledger if entry.kind == "file"} | {store.workshop / "envs"}
    for path in sorted(store.workshop.iterdir()):
        if path in ours:
            continue
        if path.name == STABLE_LINK and any(_leads_into(part, path) for part in stores_of(store)):
            removals.append(_removal(store, path, "link", reason="the stable path of the environment in use"))
        elif _REMNANT.fullmatch(path.name) and (is_link(path) or path.is_file()):
            removals.append(_removal(store, path, "remnant", reason="left by a write that was interrupted"))
        elif any(entry.kind == "program" and entry.path.is_relative_to(path) for entry in ledger):
            plan = _plan_programs(store, path, ledger)
            removals += plan.remove
            keep += plan.keep
        else:
            keep.append(Kept(path=os.fspath(path), reason=FOREIGN))
    return removals, keep


def _plan_programs(store: EnvironmentStore, folder: Path, ledger: tuple[LedgerEntry, ...]) -> RemovalPlan:
    """What was fetched into `folder`, as far as it is still that; everything else in it stays."""
    if is_link(folder):
        return RemovalPlan(keep=(Kept(path=os.fspath(folder), reason=FOREIGN),))
    fetched = {(entry.path, entry.text) for entry in ledger if entry.kind == "program"}
    named = {path for path, _ in fetched}
    files = [path for path in sorted(folder.rglob("*")) if is_link(path) or not path.is_dir()]
    digests = {path: digest_file(path) for path in files if path in named and not is_link(path)}
    ours = {path: digest for path, digest in digests.items() if (path, digest) in fetched}
    return RemovalPlan(
        remove=tuple(
            _removal(store, path, "program", reason="fetched by pyve", detail=digest, size=path.stat().st_size)
            for path, digest in ours.items()
        ),
        keep=tuple(Kept(path=os.fspath(path), reason=FOREIGN) for path in files if path not in ours),
    )


def _keep_environments(store: EnvironmentStore, ledger: tuple[LedgerEntry, ...]) -> RemovalPlan:
    keep = [Kept(path=os.fspath(store.folder), reason="--keep-env: the environments and their state stay")]
    keep += [
        Kept(path=os.fspath(path), reason="--keep-env: its marked block keeps .pyve out of builds and images")
        for path in dict.fromkeys(entry.path for entry in ledger if entry.kind == "block")
        if path.exists()
    ]
    return RemovalPlan(keep=tuple(keep))


def _lies_in(path: str, directory: Path) -> bool:
    return Path(path).is_relative_to(directory)


def _line_removal(store: EnvironmentStore, entry: LedgerEntry) -> Removal:
    kind: RemovalKind = "exclude-line" if entry.kind == "exclude-line" else "block"
    return Removal(
        project=os.fspath(store.state.root),
        path=os.fspath(entry.path),
        kind=kind,
        reason="a line of pyve",
        detail=entry.text,
        created=entry.created,
    )


def _state_removal(store: EnvironmentStore) -> Removal:
    directory = store.state.directory
    return _removal(
        store, directory, "state", reason="the project is not pyve's any more", size=measure_tree(directory)
    )


def _removal(
    store: EnvironmentStore, path: Path, kind: RemovalKind, *, reason: str, detail: str = "", size: int = 0
) -> Removal:
    return Removal(
        project=os.fspath(store.state.root), path=os.fspath(path), kind=kind, reason=reason, detail=detail, bytes=size
    )
