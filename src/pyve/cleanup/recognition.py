"""What pyve made, told by what it looks like: the ledger, completed where a ledger is lost or was damaged.

Only what nobody else makes is recognised: files of exactly our content, lines in our marked blocks, our own names.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from pyve.cleanup.egg_info import find_outputs
from pyve.cleanup.ignore_coverage import VENV_LINE, WORKSHOP_LINE
from pyve.cleanup.ignore_lines import is_ours_alone, read_bytes
from pyve.cleanup.ledger import LedgerEntry, is_ledger_whole, read_ledger, write_ledger
from pyve.environments.pointing import VENV_LINK
from pyve.environments.store import SELF_IGNORING, EnvironmentStore
from pyve.project.git_repository import find_repository
from pyve.system.files import digest_file, is_link
from pyve.system.marked_block import block_lines

_ASIDE = ".venv.before-pyve"
_OUR_NAMES = re.compile(rf"\.venv|{re.escape(_ASIDE)}(-\d+)?|([^/]+/)?[^/]+\.egg-info")  # in the exclude file
_ASIDE_NAME = re.compile(rf"{re.escape(_ASIDE)}(-\d+)?")


def ledger_of(store: EnvironmentStore) -> tuple[LedgerEntry, ...]:
    """The ledger, and what it lacks; our files in .pyve count without it, since an adopted .pyve brings them along."""
    ledger = read_ledger(store.state)
    known = {(entry.kind, entry.path) for entry in ledger}
    found = [entry for entry in _recognise_files(store) if (entry.kind, entry.path) not in known]
    if not is_ledger_whole(store.state):
        found += [entry for entry in _recognise(store) if entry not in ledger]
    return tuple(dict.fromkeys((*ledger, *found)))


def heal_ledger(store: EnvironmentStore) -> None:
    """Write the ledger anew with what can be recognised, where it is not whole. The caller holds the project's lock."""
    if not is_ledger_whole(store.state):
        write_ledger(store.state, ledger_of(store))


def _recognise_files(store: EnvironmentStore) -> list[LedgerEntry]:
    if is_link(store.workshop):
        return []
    files = []
    for name, content in SELF_IGNORING.items():
        path, digest = store.workshop / name, hashlib.sha256(content).hexdigest()
        if not is_link(path) and digest_file(path) == digest:
            files.append(LedgerEntry(kind="file", path=path, text=digest))
    if not files:
        return []
    folders = [path for path in (store.workshop, store.workshop / "envs") if path.is_dir()]
    return [*files, *(LedgerEntry(kind="folder", path=path) for path in folders)]


def _recognise(store: EnvironmentStore) -> Iterator[LedgerEntry]:
    root = store.state.root
    for name in (".gitignore", ".dockerignore"):
        yield from _recognise_lines(root / name)
    yield from _recognise_excludes(root)
    asides = [path for path in root.glob(f"{_ASIDE}*") if _ASIDE_NAME.fullmatch(path.name)]
    for aside in sorted(asides, key=lambda path: (len(path.name), path.name)):
        yield LedgerEntry(kind="moved-aside", path=root / VENV_LINK, text=aside.name)


def _recognise_lines(file: Path) -> Iterator[LedgerEntry]:
    for line in _our_lines(file):
        if line in (WORKSHOP_LINE, VENV_LINE):
            yield LedgerEntry(kind="block", path=file, text=line, created=is_ours_alone(file))


def _recognise_excludes(root: Path) -> Iterator[LedgerEntry]:
    """Our exclude lines for this project, and the build outputs that they were made for."""
    repository = find_repository(root)
    if repository is None or not repository.names_work_tree():
        return
    file = repository.exclude_file
    outputs = {repository.anchored_line(path): path for path in find_outputs(root)}
    above = (repository.anchored_line(root / VENV_LINK) or "").removesuffix(VENV_LINE)
    for line in _our_lines(file):
        if line.startswith(f"{above}/") and _OUR_NAMES.fullmatch(line[len(above) + 1 :]):
            yield LedgerEntry(kind="exclude-line", path=file, text=line, created=is_ours_alone(file))
        if line in outputs:
            yield LedgerEntry(kind="build-output", path=outputs[line])


def _our_lines(file: Path) -> list[str]:
    return [] if is_link(file) else [os.fsdecode(line) for line in block_lines(read_bytes(file) or b"")]
