"""The installed files, compared with what their packages recorded of them (--deep): PEP 376, PEP 627."""

import base64
import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

from pyve.environments.record import EnvironmentRecord
from pyve.project.some_names import show_some
from pyve.verbs.checks.environment import REBUILD, scripts_of
from pyve.verbs.checks.findings import Fact, Finding, Part, found, show_count
from pyve.verbs.checks.packages import is_from_conda

_COMPARED = frozenset({"sha256", "sha384", "sha512"})


def examine_files(record: EnvironmentRecord) -> Iterator[Finding | Fact]:
    """Compare every file that has a hash; scripts are only looked for, since their first lines were made here."""
    folder, scripts = Path(record.site_packages), scripts_of(record)
    compared = 0
    for listing in sorted(folder.glob("*.dist-info/RECORD")):
        if record.conda and is_from_conda(listing.parent):
            continue  # conda's own record names its files, as they are in the prefix
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
            message = f"{show_count(len(gone), 'file')} of {owner} gone: {show_some(gone)}."
            yield found("files-altered", message, hint=REBUILD)
        if altered:
            message = f"{show_count(len(altered), 'file')} of {owner} not as installed: {show_some(altered)}."
            yield found("files-altered", message, hint=_how_to_restore(listing.parent, altered))
    yield Fact(part=Part.ENVIRONMENT, name="files compared", value=str(compared))


def _how_to_restore(metadata: Path, altered: list[str]) -> str:
    """A rebuild; where the files are hard links, uv's cache holds the altered bytes too and must forget them."""
    if all((metadata.parent / name).stat().st_nlink == 1 for name in altered):
        return REBUILD
    name = metadata.stem.rpartition("-")[0]
    return f"uv cache clean {name} && pyve sync --force  # uv's cache shares these files; both are fetched anew"


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
