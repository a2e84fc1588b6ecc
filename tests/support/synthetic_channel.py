"""A large channel of records without files, to be solved for and never fetched from.

Of its shape: a third of the names are C libraries, a third noarch Python modules, a third extensions with one build per
Python minor. Dependencies point to older names, by lower bounds that rise with the versions, so that there is always an
answer. clash-left and clash-right exclude each other, six dependencies deep.

    make_synthetic_channel(directory, names=2_000)      # about 20,000 records; 20_000 names: about 210,000

By hand: `python -m tests.support.synthetic_channel DIRECTORY NAMES`.
"""

import argparse
import hashlib
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.conda_channel import LocalChannel, empty_repodata, host_subdir, write_repodata
from tests.support.conda_recipes import OTHER_SUBDIRS

MINORS = ("3.10", "3.11", "3.12", "3.13")
_KINDS = ("lib", "mod", "ext")
_MOST_VERSIONS = 30


@dataclass(frozen=True, kw_only=True)
class _Name:
    """One name and its versions, oldest first."""

    number: int
    kind: str
    versions: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.kind}{self.number:05d}"


@dataclass
class _Records:
    """The repodata of both subdirs as it grows."""

    subdir: str
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, version: str, depends: Sequence[str], *, build: str = "0", noarch: bool = False) -> None:
        subdir = "noarch" if noarch else self.subdir
        file_name = f"{name}-{version}-{build}.conda"
        digest = hashlib.sha256(file_name.encode()).hexdigest()
        row: dict[str, Any] = {
            "name": name,
            "version": version,
            "build": build,
            "build_number": 0,
            "subdir": subdir,
            "depends": list(depends),
            "md5": digest[:32],
            "sha256": digest,
            "size": 10_000 + int(digest[:4], 16),
            "timestamp": 1_700_000_000_000,
        }
        if noarch:
            row["noarch"] = "python"
        self.documents.setdefault(subdir, empty_repodata(subdir))["packages.conda"][file_name] = row


def make_synthetic_channel(directory: Path, *, names: int, seed: int = 1) -> LocalChannel:
    """Make the channel; the same arguments make the same one."""
    dice, records = random.Random(seed), _Records(host_subdir())
    _add_pythons(records)
    _add_clash(records)
    made: list[_Name] = []
    for number in range(names):
        count = min(_MOST_VERSIONS, 1 + int(dice.expovariate(1 / 6)))
        versions = tuple(f"{1 + index // 10}.{index % 10}" for index in range(count))
        name = _Name(number=number, kind=_KINDS[number % 3], versions=versions)
        for index, version in enumerate(versions):
            _add_version(records, name, version, _choose_dependencies(dice, name, index, made), index)
        made.append(name)
    for subdir in sorted({"noarch", records.subdir, *OTHER_SUBDIRS}):
        (directory / subdir).mkdir(parents=True)
        write_repodata(directory / subdir, records.documents.get(subdir) or empty_repodata(subdir))
    pythons = tuple(f"{minor}.7" for minor in reversed(MINORS))
    return LocalChannel(path=directory, subdir=records.subdir, pythons=pythons)


def random_names(channel: LocalChannel, dice: random.Random, count: int) -> tuple[str, ...]:
    """Names of the channel that can be asked for together; ties among versions are there to be broken alike."""
    possible = sorted(name for name in channel.names if name.startswith(_KINDS))
    return tuple(dice.sample(possible, count))


def _add_pythons(records: _Records) -> None:
    for minor in MINORS:
        for patch in range(8):
            records.add("python", f"{minor}.{patch}", ["__unix", "lib00000 >=1.0"], build="h0_0_cpython")
    records.add("pip", "24.0", ["python >=3.8"], build="pyh0_0", noarch=True)


def _add_clash(records: _Records) -> None:
    for side, bound in (("left", ">=2"), ("right", "<2")):
        records.add(f"clash-{side}", "1.0", [f"chain-{side}-0"], noarch=True)
        for depth in range(6):
            needs = f"chain-{side}-{depth + 1}" if depth < 5 else f"clash-ground {bound}"
            records.add(f"chain-{side}-{depth}", "1.0", [needs], noarch=True)
    for version in ("1.0", "1.5", "2.0", "2.5"):
        records.add("clash-ground", version, [], noarch=True)


def _add_version(records: _Records, name: _Name, version: str, depends: Sequence[str], index: int) -> None:
    if name.kind == "lib":
        records.add(name.text, version, ["__unix", *depends])
    elif name.kind == "mod":
        records.add(name.text, version, ["python >=3.8", *depends], build="pyh0_0", noarch=True)
    else:
        for minor in MINORS[: 2 + index % 3]:
            following = f"3.{int(minor.partition('.')[2]) + 1}"
            build = f"py{minor.replace('.', '')}h0_0"
            records.add(name.text, version, [f"python >={minor},<{following}.0a0", *depends], build=build)


def _choose_dependencies(dice: random.Random, name: _Name, index: int, older: Sequence[_Name]) -> list[str]:
    """Some older names, the oldest most often; libraries need libraries alone."""
    chosen: dict[str, str] = {}
    for _ in range(dice.randint(0 if name.kind == "lib" else 1, 6)):
        if not older:
            break
        other = older[int(len(older) * dice.random() ** 1.5)]
        if name.kind == "lib" and other.kind != "lib":
            continue
        bound = other.versions[min(len(other.versions) - 1, len(other.versions) * index // (_MOST_VERSIONS + 10))]
        chosen[other.text] = other.text if dice.random() < 0.2 else f"{other.text} >={bound}"
    return list(chosen.values())


def main() -> None:
    """Make a channel of records and say how many there are."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("directory", type=Path, help="a directory that is not there yet")
    parser.add_argument("names", type=int, nargs="?", default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    channel = make_synthetic_channel(arguments.directory.resolve(), names=arguments.names, seed=arguments.seed)
    count = sum(len(channel.rows(subdir)) for subdir in ("noarch", channel.subdir))
    sys.stdout.write(f"{count} records: {channel.url}\n")


if __name__ == "__main__":
    main()
