"""A conda prefix as its own records tell it: one JSON file a package in conda-meta (CEP 34)."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyve.environments.distributions import list_distributions
from pyve.environments.foreign_json import read_foreign_json
from pyve.project.package_name import normalise_name
from pyve.system.files import open_plain_file

_METADATA_END = re.compile(rb'-info[/"]')


@dataclass(frozen=True, kw_only=True)
class PrefixFile:
    """One path that a package owns, relative to the prefix, with `/`.

    `sha256` is of its content in this prefix, empty where nobody knows it. `is_link` says that it is a symbolic one.
    `is_made_here` is a script that installing made or whose first line it wrote.
    """

    path: str
    sha256: str = ""
    is_link: bool = False
    is_made_here: bool = False


@dataclass(frozen=True, kw_only=True)
class PrefixRecord:
    """One package as conda-meta has it. `damage` says why the record cannot be read, with the rest from its name."""

    name: str
    version: str
    build: str
    subdir: str = ""
    url: str = ""
    depends: tuple[str, ...] = ()
    files: tuple[PrefixFile, ...] = ()
    damage: str = ""


def list_conda_packages(prefix: Path) -> dict[str, str]:
    """Conda's name -> version of every package, by the names of the records alone; empty where there is no prefix."""
    return {name: version for name, version, _ in _record_names(prefix)}


def read_conda_meta(prefix: Path) -> tuple[PrefixRecord, ...]:
    """Every package of the prefix, sorted by the name of its record; a truncated record comes with its `damage`."""
    return tuple(
        _read_record(prefix / "conda-meta" / f"{name}-{version}-{build}.json", name, version, build)
        for name, version, build in _record_names(prefix)
    )


def list_pip_distributions(prefix: Path, site_packages: Path) -> dict[str, str]:
    """Normalised name -> version of the distributions in `site_packages` that no conda package owns.

    Where INSTALLER says `conda`, that is believed; else the records are searched for the distribution's metadata.
    """
    folders = _metadata_folders(site_packages)
    doubtful = {name for name, folder in folders.items() if _installer_of(folder) != "conda"}
    if not doubtful:
        return {}
    owned = _owned_metadata(prefix)
    pip = {name for name in doubtful if folders[name].name not in owned}
    return {name: version for name, version in list_distributions(site_packages).items() if name in pip}


def _record_names(prefix: Path) -> Iterator[tuple[str, str, str]]:
    try:
        names = sorted(entry.name for entry in os.scandir(prefix / "conda-meta") if entry.name.endswith(".json"))
    except OSError:
        return
    for name in names:
        parts = name.removesuffix(".json").rsplit("-", 2)
        if len(parts) == 3 and not name.startswith("."):
            yield parts[0], parts[1], parts[2]


def _read_record(path: Path, name: str, version: str, build: str) -> PrefixRecord:
    try:
        document = read_foreign_json(path)
        return PrefixRecord(
            name=str(document["name"]),
            version=str(document["version"]),
            build=str(document.get("build", build)),
            subdir=str(document.get("subdir", "")),
            url=str(document.get("url", "")),
            depends=tuple(map(str, document.get("depends", ()))),
            files=tuple(_read_files(document)),
        )
    except OSError as error:
        return PrefixRecord(name=name, version=version, build=build, damage=error.strerror or str(error))
    except ValueError:
        return PrefixRecord(name=name, version=version, build=build, damage="cut short, or no JSON at all")
    except (KeyError, TypeError, AttributeError):
        return PrefixRecord(name=name, version=version, build=build, damage="not in the format of conda-meta")


def _read_files(document: dict[str, Any]) -> Iterator[PrefixFile]:
    rows = (document.get("paths_data") or {}).get("paths")
    if not rows:  # records older than paths_data
        yield from (PrefixFile(path=str(path)) for path in document.get("files") or ())
        return
    for row in rows:
        kind, path = str(row.get("path_type", "hardlink")), str(row["_path"])
        if kind in ("pyc_file", "directory"):  # the one is made anew at any import, the other is nobody's alone
            continue
        is_script = path.startswith(("bin/", "Scripts/")) and row.get("file_mode") == "text"
        # With a placeholder in it, a file's own digest is not that of what lies in the prefix.
        known = row.get("sha256_in_prefix") or ("" if row.get("prefix_placeholder") else row.get("sha256")) or ""
        yield PrefixFile(
            path=path,
            sha256="" if kind == "softlink" else str(known),
            is_link=kind == "softlink",
            is_made_here=is_script or kind.endswith("entry_point") or kind.startswith("windows_python_entry_point"),
        )


def _metadata_folders(site_packages: Path) -> dict[str, Path]:
    """Normalised name -> metadata folder (or egg-info file) of each distribution."""
    found = {}
    try:
        entries = sorted(entry for entry in os.listdir(site_packages) if entry.endswith("-info"))
    except OSError:
        return {}
    for entry in entries:
        name = entry.rpartition(".")[0].split("-")[0]
        found[normalise_name(name)] = site_packages / entry
    return found


def _installer_of(folder: Path) -> str:
    try:
        return (folder / "INSTALLER").read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _owned_metadata(prefix: Path) -> frozenset[str]:
    """The names of all metadata folders (and egg-info files) that conda packages brought.

    The records are not parsed: a large one has 30,000 files, and only these names are looked for in it.
    """
    names = set()
    for name, version, build in _record_names(prefix):
        try:
            with open_plain_file(prefix / "conda-meta" / f"{name}-{version}-{build}.json") as record:
                raw = record.read()
        except OSError:
            continue
        for match in _METADATA_END.finditer(raw):
            start = max(raw.rfind(b"/", 0, match.start()), raw.rfind(b'"', 0, match.start())) + 1
            names.add(raw[start : match.end() - 1].decode("utf-8", "replace"))
    return frozenset(names)
