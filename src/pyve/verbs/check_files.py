"""The installed files, compared with what their packages recorded of them (--deep): PEP 376, PEP 627."""

import base64
import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

from pyve.environments.record import EnvironmentRecord
from pyve.verbs.check_environment import REBUILD, scripts_of
from pyve.verbs.check_findings import Fact, Finding, Part, found, show_some

_COMPARED = frozenset({"sha256", "sha384", "sha512"})


def examine_files(record: EnvironmentRecord) -> Iterator[Finding | Fact]:
    """Compare every file that has a hash; scripts are only looked for, since their first lines were made here."""
    folder, scripts = Path(record.site_packages), scripts_of(record)
    compared = 0
    for listing in sorted(folder.glob("*.dist-info/RECORD")):
        gone, altered = [], []
        for name, digest in _recorded_files(listing):
            path = folder / name
            within_scripts = path.resolve().parent == scripts.resolve()
            if not path.is_file():
                gone.append(name)
            elif not within_scripts and digest:
                compared += 1
                if not _has_digest(path, digest):
                    altered.append(name)
        owner = listing.parent.stem.replace("-", " ")
        if gone:
            yield found("files-altered", f"{len(gone)} files of {owner} are gone: {show_some(gone)}.", hint=REBUILD)
        if altered:
            message = f"{len(altered)} files of {owner} are not what was installed: {show_some(altered)}."
            yield found("files-altered", message, hint=REBUILD)
    yield Fact(part=Part.ENVIRONMENT, name="files compared", value=str(compared))


def _recorded_files(listing: Path) -> Iterator[tuple[str, str]]:
    """(path relative to the packages' folder, `algorithm=digest` or nothing) of each file but compiled ones."""
    with listing.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        for row in csv.reader(file):
            if row and not row[0].endswith(".pyc"):
                yield row[0], row[1] if len(row) > 1 else ""


def _has_digest(path: Path, digest: str) -> bool:
    algorithm, _, expected = digest.partition("=")
    if algorithm not in _COMPARED:
        return True
    actual = hashlib.new(algorithm, path.read_bytes()).digest()
    return base64.urlsafe_b64encode(actual).rstrip(b"=").decode() == expected.rstrip("=")
