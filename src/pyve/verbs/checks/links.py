"""What pyve made in the project besides the environment in use, examined: links, ledger, leftovers, strangers."""

from collections.abc import Iterator
from pathlib import Path

from pyve.backends import backend_named
from pyve.cleanup.claims import claim_link
from pyve.cleanup.environment_removals import is_build_under_way
from pyve.cleanup.ignore_lines import has_line
from pyve.cleanup.ledger import LedgerEntry, read_ledger
from pyve.environments.construction import unfinished
from pyve.environments.pointing import STABLE_LINK, VENV_LINK
from pyve.environments.record import COPY_NAME, EnvironmentRecord, read_record
from pyve.environments.store import EnvironmentStore
from pyve.errors import PyveError
from pyve.system.files import is_link
from pyve.system.links import link_target
from pyve.verbs.checks.findings import Finding, found

_ADOPT = "pyve init --adopt  # uses it, if it is the right one"


def examine_links(store: EnvironmentStore, record: EnvironmentRecord) -> Iterator[Finding]:
    """Whether the stable links lead to the environment in use."""
    stable, venv = store.workshop / STABLE_LINK, store.state.root / VENV_LINK
    links = (stable, venv) if backend_named(record.backend).makes_venv_link else (stable,)
    for link in links:
        target = link_target(link)
        if target == Path(record.directory):
            continue
        claim = claim_link(store, link)
        if claim == "foreign" and link == venv:
            message = f"{venv} is not pyve's: editors see that one, not the environment in use."
            hint = "pyve init --take-venv  # moves it aside; purge moves it back"
            yield found("venv-foreign", message, hint=hint)
        else:
            how = f"leads to {target}" if target else "is not there" if claim == "absent" else "is no link"
            yield found("link-astray", f"{link} {how}; {record.directory} is in use.", hint="pyve sync")


def examine_ledger(store: EnvironmentStore) -> Iterator[Finding]:
    """Whether what pyve made is still there; links are examined on their own."""
    for entry in read_ledger(store.state):
        if _is_lost(entry, store.state.root):
            what = f"the line {entry.text} in {entry.path}" if entry.kind in ("block", "exclude-line") else entry.path
            if entry.kind == "moved-aside":
                message = f"{store.state.root / entry.text}, which was .venv, is gone; purge cannot move it back."
            else:
                message = f"pyve made {what}, and it is gone."
            yield found("ledger-entry-lost", message, hint="pyve sync")


def examine_leftovers(store: EnvironmentStore) -> Iterator[Finding]:
    """Builds that did not end, and directories that are not pyve's."""
    for key, fingerprint in unfinished(store):
        under_way = is_build_under_way(store.state, fingerprint)
        how = "is being built or removed right now" if under_way else "is a build or a removal that was interrupted"
        hint = "pyve status  # once it has ended" if under_way else "pyve gc  # removes it"
        yield found("build-unfinished", f"{store.folder / key} {how}.", hint=hint)
    for directory in store.foreign_directories():
        origin, is_moved = _origin(directory)
        message = f"{directory} is not pyve's on this machine{origin}; it is left alone."
        hint = "pyve gc --dry-run  # says what deletes it" if is_moved else _ADOPT
        yield found("directory-foreign", message, hint=hint)


def examine_previous(store: EnvironmentStore, current: EnvironmentRecord | None) -> Iterator[Finding]:
    """Whether rollback would find what it goes back to."""
    try:
        previous = store.previous_record()
    except PyveError:
        return  # said where the state is examined
    if previous is None or (current is not None and previous.key == current.key):
        return
    damage = backend_named(previous.backend).diagnose(previous, start_nothing=True)
    if damage is not None:
        message = f"The environment before this one, {previous.directory}, is damaged: {damage.reason}."
        yield found("previous-damaged", message, hint="pyve list  # shows which are there")


def _is_lost(entry: LedgerEntry, root: Path) -> bool:
    if entry.kind in ("block", "exclude-line"):
        return not has_line(entry.path, entry.text)
    if entry.kind == "moved-aside":
        aside = root / entry.text
        return not (aside.exists() or is_link(aside))
    return entry.kind in ("file", "folder", "store-folder") and not entry.path.exists()


def _origin(directory: Path) -> tuple[str, bool]:
    """Where a foreign environment comes from, as far as its own record says; whether it was moved, and cannot run."""
    try:
        record = read_record(directory / COPY_NAME)
    except (OSError, PyveError):
        return "", False
    if Path(record.directory) != directory:
        return f" (made for {record.project_root}, which was moved or copied)", True
    return f" (made by pyve {record.pyve_version}, elsewhere or before its state was lost)", False
