"""What micromamba has made of a prefix, judged by conda-meta: whether it is complete, and what was left out."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pyve.engines.conda.engine import BuiltPrefix, PrefixRequest
from pyve.engines.conda.failures.engine_failure import EngineFailure
from pyve.engines.conda.micromamba.places import Places
from pyve.engines.conda.prefix.conda_meta import record_name
from pyve.engines.conda.prefix.left_out import describe_prefix
from pyve.project.conda.package import CondaPackage
from pyve.system.files import write_atomically

Records = Mapping[str, dict[str, Any]]


def read_records(prefix: Path) -> Records:
    """The records of conda-meta by the package's name; one that cannot be read is none."""
    records = {}
    for file in sorted((prefix / "conda-meta").glob("*.json")):
        try:
            record = json.loads(file.read_bytes())
            records[record["name"]] = record
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return records


def find_damage(records: Records, packages: Sequence[CondaPackage]) -> EngineFailure | None:
    """Why the prefix does not hold exactly these packages; None when it does."""
    for package in packages:
        record = records.get(package.name)
        found = None if record is None else (record.get("version"), record.get("build_string") or record.get("build"))
        if found != (package.version, package.build):
            return EngineFailure(kind="failed", text=f"{package.file_name} was not linked", subject=package.name)
        for kind in ("sha256", "md5"):
            expected, got = getattr(package, kind), (record or {}).get(kind)
            if expected and got and expected != got:
                text = f"{package.file_name}: {kind} doesn't match expectation"
                return EngineFailure(
                    kind="corrupt", text=text, subject=package.file_name, expected=expected, got=str(got)
                )
    more = sorted(set(records) - {package.name for package in packages})
    if more:
        return EngineFailure(kind="failed", text=f"more was linked than was asked for: {', '.join(more)}")
    return None


def name_canonical_urls(prefix: Path, records: Records, packages: Sequence[CondaPackage], places: Places) -> None:
    """Make conda-meta speak of the channels, not of the mirrors, links and lists that were used to fetch from them."""
    folder = prefix / "conda-meta"
    for package in packages:
        record = dict(records[package.name])
        record["url"] = package.url
        record["channel"] = places.canonical(str(record.get("channel") or package.url.rsplit("/", 2)[0]))
        if record != records[package.name]:
            text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
            write_atomically(folder / record_name(package), text.encode(), mode=0o644)
    history = folder / "history"
    if history.is_file():
        text = history.read_text(encoding="utf-8", errors="surrogateescape")
        changed = places.name_canonical(text)
        if changed != text:
            write_atomically(history, changed.encode("utf-8", errors="surrogateescape"), mode=0o644)


def describe_linked(request: PrefixRequest, records: Records, virtual_packages: Mapping[str, str]) -> BuiltPrefix:
    """What was left out of a complete prefix, and which paths two packages claim: the later one has them."""
    described = describe_prefix(
        request.prefix,
        request.packages,
        run_link_scripts=request.run_link_scripts,
        virtual_packages=virtual_packages,
    )
    owners = Counter(file for record in records.values() for file in set(map(str, record.get("files", ()))))
    claimed = {path for path, count in owners.items() if count > 1}
    return replace(described, clobbered=tuple(sorted(claimed.union(described.clobbered))))
