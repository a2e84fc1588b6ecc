"""A conda channel that tests make themselves, in a fraction of a second, of what the machine has.

    channel = build_channel(tmp_path / "conda-forge")
    channel.url                          # file:///...
    channel.as_channel(name="conda-forge", url="https://channel.example/conda-forge")    # the same, as a mirror
    channel.package("tiny", "1.0")       # a row as a lock holds it
    make_channel(tmp_path / "mine", [generic("libfoo", "9.0")])    # one of a few packages

By hand: `python -m tests.support.conda_channel DIRECTORY [--real] [--wheel numpy]`.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyve.project.conda.channel import Channel
from pyve.project.conda.package import CondaPackage
from tests.support.conda_activators import all_activators
from tests.support.conda_package import MadePackage, zstd_of_raw_blocks
from tests.support.conda_python import (
    bundled_packages,
    download_wheel,
    extension_package,
    find_other_interpreter,
    package_of_wheel,
    thin_python,
    this_interpreter,
)
from tests.support.conda_real_python import real_python
from tests.support.conda_recipes import OTHER_SUBDIRS, all_recipes


def host_subdir() -> str:
    """The word of conda for this machine, found without the code under test."""
    system = {"linux": "linux", "darwin": "osx", "win32": "win"}[sys.platform]
    machine = platform.machine().lower()
    return f"{system}-{ {'x86_64': '64', 'amd64': '64', 'arm64': 'arm64'}.get(machine, machine) }"


@dataclass(frozen=True, kw_only=True)
class LocalChannel:
    """A directory with packages and their repodata. `pythons` are the versions this machine can run, newest first."""

    path: Path
    subdir: str
    pythons: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The channel as a file:// URL."""
        return self.path.as_uri()

    @property
    def names(self) -> frozenset[str]:
        """The packages that this machine can have."""
        return frozenset(row["name"] for subdir in ("noarch", self.subdir) for row in self.rows(subdir).values())

    @property
    def minors(self) -> tuple[str, ...]:
        """The minor versions of its pythons, newest first, as in `3.11`."""
        return tuple(version.rpartition(".")[0] for version in self.pythons)

    def as_channel(self, *, name: str | None = None, url: str | None = None, source: str | None = None) -> Channel:
        """The channel as engines take it: known by `url`, from `source`; by default both are its file:// URL."""
        return Channel(name=name or self.path.name, url=url or self.url, sources=(source or self.url,))

    def rows(self, subdir: str) -> dict[str, dict[str, Any]]:
        """File name -> row of repodata.json."""
        document = _read_repodata(self.path / subdir)
        return {**document["packages"], **document["packages.conda"]}

    def package(
        self, name: str, version: str | None = None, *, subdir: str | None = None, url: str | None = None
    ) -> CondaPackage:
        """The one package of that name (and version, where there are more), as a lock holds it.

        `url` is the channel's canonical one, its file:// URL by default. KeyError where there is none, or several.
        """
        subdirs = (subdir,) if subdir else ("noarch", self.subdir)
        found = [
            (file_name, row)
            for each in subdirs
            for file_name, row in self.rows(each).items()
            if row["name"] == name and version in (None, row["version"])
        ]
        if len(found) != 1:
            raise KeyError(f"{len(found)} packages are {name} {version}")
        file_name, row = found[0]
        return CondaPackage(
            name=row["name"],
            version=row["version"],
            build=row["build"],
            build_number=row["build_number"],
            subdir=row["subdir"],
            url=f"{url or self.url}/{row['subdir']}/{file_name}",
            sha256=row["sha256"],
            md5=row["md5"],
            size=row["size"],
            depends=tuple(row["depends"]),
            constrains=tuple(row["constrains"]),
        )

    def archive(self, package: CondaPackage) -> Path:
        """Where the package's file lies."""
        return self.path / package.subdir / package.file_name

    def add(self, packages: Iterable[MadePackage]) -> None:
        """Put packages into the channel, over those of the same file name; never into one that tests share."""
        repodata: dict[str, dict[str, Any]] = {}
        for package in packages:
            folder = self.path / package.subdir
            document = repodata.setdefault(package.subdir, _read_repodata(folder))
            archive = package.archive()
            (folder / package.file_name).write_bytes(archive)
            kind = "packages.conda" if package.format == "conda" else "packages"
            document[kind][package.file_name] = package.as_row(archive)
        for subdir, document in repodata.items():
            write_repodata(self.path / subdir, document)

    def remove(self, package: CondaPackage) -> None:
        """Take a package out, its file and its row."""
        folder = self.path / package.subdir
        document = _read_repodata(folder)
        for kind in ("packages", "packages.conda"):
            document[kind].pop(package.file_name, None)
        (folder / package.file_name).unlink()
        write_repodata(folder, document)


def make_channel(directory: Path, packages: Iterable[MadePackage] = ()) -> LocalChannel:
    """A channel of these packages, with repodata for every platform."""
    channel = LocalChannel(path=directory, subdir=host_subdir())
    for subdir in sorted({"noarch", channel.subdir, *OTHER_SUBDIRS}):
        (directory / subdir).mkdir(parents=True)
        write_repodata(directory / subdir, empty_repodata(subdir))
    channel.add(packages)
    return channel


def build_channel(
    directory: Path, *, packages: Sequence[MadePackage] = (), python: MadePackage | None = None
) -> LocalChannel:
    """The channel that most tests want: everything of conda_recipes and conda_activators, pythons and pip.

    `packages` come on top; `python` takes the place of the thin one of the running version.
    """
    subdir = host_subdir()
    others = [found for found in (find_other_interpreter(),) if found is not None]
    interpreters = (this_interpreter(), *others)
    made = [python or thin_python(interpreters[0], subdir=subdir)]
    made += [thin_python(interpreter, subdir=subdir) for interpreter in others]
    made += [extension_package(interpreter, subdir=subdir) for interpreter in interpreters]
    made += [*bundled_packages(interpreters), *all_recipes(subdir), *all_activators(subdir), *packages]
    channel = make_channel(directory, made)
    pythons = sorted((each.version for each in interpreters), key=_as_numbers, reverse=True)
    return LocalChannel(path=channel.path, subdir=subdir, pythons=tuple(pythons))


def _as_numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def empty_repodata(subdir: str) -> dict[str, Any]:
    """A repodata.json without packages."""
    return {"info": {"subdir": subdir}, "packages": {}, "packages.conda": {}, "removed": [], "repodata_version": 1}


def write_repodata(folder: Path, document: dict[str, Any]) -> None:
    """Write repodata.json and its twin in zstd; readers see the old or the new one."""
    raw = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    for name, content in (("repodata.json", raw), ("repodata.json.zst", zstd_of_raw_blocks(raw))):
        fresh = folder / f".{name}.new"
        fresh.write_bytes(content)
        os.replace(fresh, folder / name)


def _read_repodata(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "repodata.json").read_bytes())
    return document


def main() -> None:
    """Make a channel, and say by which setting it stands in for conda-forge."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("directory", type=Path, help="a directory that is not there yet")
    parser.add_argument("--real", action="store_true", help="a whole python that can be moved, not a thin one")
    parser.add_argument("--wheel", action="append", default=[], metavar="NAME", help="a package of an index's wheel")
    arguments = parser.parse_args()
    here, subdir = this_interpreter(), host_subdir()
    python = real_python(here, subdir=subdir) if arguments.real else None
    with tempfile.TemporaryDirectory() as folder:
        wheels = [download_wheel(name, Path(folder) / name) for name in arguments.wheel]
        packages = [package_of_wheel(wheel, interpreter=here, subdir=subdir) for wheel in wheels]
    channel = build_channel(arguments.directory.resolve(), packages=packages, python=python)
    sys.stdout.write(f'[conda.mirrors]\nconda-forge = "{channel.url}"\n')


if __name__ == "__main__":
    main()
