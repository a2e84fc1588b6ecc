"""The text of a conda-lock.yml (version 1), byte for byte as conda-lock itself writes what it holds.

There is no time, no commit and no name of a person in it: the same packages make the same bytes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pyve.lockers.conda_lock_scalar import write_scalar

MAIN = "main"


@dataclass(frozen=True, kw_only=True)
class LockedRow:
    """One package on one platform.

    `dependencies` map names to versions, empty for any. A package of conda has an md5; of a repository, `sha256` is
    the commit, as conda-lock has it. `source` is the URL that was declared, for what has no place in an index.
    """

    manager: Literal["conda", "pip"]
    name: str
    version: str
    platform: str
    url: str
    dependencies: Mapping[str, str] = field(default_factory=dict)
    md5: str | None = None
    sha256: str | None = None
    source: str | None = None
    category: str = MAIN


@dataclass(frozen=True, kw_only=True)
class LockedChannel:
    """A channel as it was declared; of credentials in it, the names of the variables that hold them."""

    url: str
    used_env_vars: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CondaLockText:
    """What a conda-lock.yml holds. `content_hashes` map each platform to the hash of what was asked for on it."""

    content_hashes: Mapping[str, str]
    channels: tuple[LockedChannel, ...]
    sources: tuple[str, ...]
    rows: tuple[LockedRow, ...]

    def write(self) -> str:
        """The text; the order of platforms and rows does not count."""
        platforms = sorted(self.content_hashes)
        lines = ["version: 1", "metadata:", "  content_hash:"]
        lines += [f"    {write_scalar(one)}: {write_scalar(self.content_hashes[one])}" for one in platforms]
        lines += self._write_channels()
        lines += _write_list("platforms", platforms, indent="  ")
        lines += _write_list("sources", self.sources, indent="  ")
        lines.append("package:" if self.rows else "package: []")
        for row in sorted(self.rows, key=lambda one: (one.manager, one.name, one.platform, one.category)):
            lines += _write_row(row)
        return "\n".join(lines) + "\n"

    def _write_channels(self) -> Iterator[str]:
        yield "  channels:" if self.channels else "  channels: []"
        for channel in self.channels:
            yield f"  - url: {write_scalar(channel.url)}"
            yield from _write_list("used_env_vars", channel.used_env_vars, indent="    ")


def _write_list(key: str, texts: Iterable[str], *, indent: str) -> Iterator[str]:
    lines = [f"{indent}- {write_scalar(text)}" for text in texts]
    yield f"{indent}{key}:" if lines else f"{indent}{key}: []"
    yield from lines


def _write_row(row: LockedRow) -> Iterator[str]:
    yield f"- name: {write_scalar(row.name)}"
    yield f"  version: {write_scalar(row.version)}"
    yield f"  manager: {row.manager}"
    yield f"  platform: {row.platform}"
    yield from _write_mapping("dependencies", dict(sorted(row.dependencies.items())), indent="  ")
    yield f"  url: {write_scalar(row.url)}"
    hashes = {"md5": row.md5, "sha256": row.sha256}
    yield from _write_mapping("hash", {name: value for name, value in hashes.items() if value}, indent="  ")
    if row.source is not None:
        yield from _write_mapping("source", {"type": "url", "url": row.source}, indent="  ")
    yield f"  category: {write_scalar(row.category)}"
    yield f"  optional: {'false' if row.category == MAIN else 'true'}"


def _write_mapping(key: str, values: Mapping[str, str], *, indent: str) -> Iterator[str]:
    yield f"{indent}{key}:" if values else f"{indent}{key}: {{}}"
    for name, value in values.items():
        yield f"{indent}  {write_scalar(name)}: {write_scalar(value)}"
