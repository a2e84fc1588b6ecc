"""Where micromamba fetches from: one source of each channel, under an address that it can take."""

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pyve.project.conda.channel import Channel, is_below
from pyve.project.conda.package import CondaPackage

# micromamba calls a local channel with a space in its path a "Bad path", also when the space is written as %20.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_./:\\+-]*")


@dataclass(frozen=True, kw_only=True)
class Place:
    """One base: the `address` that micromamba is given, the `source` that it stands for, and the `canonical` one."""

    address: str
    source: str
    canonical: str


@dataclass(frozen=True, kw_only=True)
class Places:
    """The bases of one attempt, those first that lie within others."""

    bases: tuple[Place, ...]

    def fetched(self, url: str) -> str:
        """Where the file with this canonical URL is fetched from."""
        return next(
            (one.address + url[len(one.canonical) :] for one in self.bases if is_below(url, one.canonical)), url
        )

    def canonical(self, url: str) -> str:
        """The canonical URL of what is fetched from `url`."""
        return next((one.canonical + url[len(one.address) :] for one in self.bases if is_below(url, one.address)), url)

    def channels(self, channels: Sequence[Channel]) -> tuple[str, ...]:
        """The bases that stand for these channels, in their order."""
        return tuple(self.fetched(channel.url) for channel in channels)

    def find_base(self, named: str, channels: Sequence[Channel]) -> str | None:
        """What to fetch from for the channel that a spec names (`conda-forge`, a URL, with a subdir or without)."""
        for channel in channels:
            for name in (channel.name, channel.url, *channel.sources):
                if is_below(named, name):
                    return self.fetched(channel.url) + named[len(name) :]
        return None

    def name_sources(self, text: str) -> str:
        """`text` with the sources in place of the links that stand for them, as people know them."""
        return _replace_all(text, [(one.address, one.source) for one in self.bases])

    def name_canonical(self, text: str) -> str:
        """`text` with the canonical bases in place of those that are fetched from."""
        return _replace_all(text, [(one.address, one.canonical) for one in self.bases])


def choose_places(
    channels: Sequence[Channel], packages: Iterable[CondaPackage], *, attempt: int, alias: Callable[[str], str]
) -> Places:
    """The places of the attempt with this number (from 0): of each channel its source of that number, or its last.

    `alias` gives another address for a local directory that micromamba cannot take. Packages of no channel are fetched
    from where their URL says.
    """
    bases = {channel.url: channel.sources[min(attempt, len(channel.sources) - 1)] for channel in channels}
    for package in packages:
        base = package.url.rsplit("/", 2)[0]
        if not any(is_below(package.url, known) for known in bases):
            bases[base] = base
    places = [Place(address=alias(source), source=source, canonical=base) for base, source in bases.items()]
    return Places(bases=tuple(sorted(places, key=lambda one: -max(len(one.address), len(one.canonical)))))


class Aliases:
    """Links without a space in their path that stand for local channels with one; made when first asked for."""

    def __init__(self) -> None:
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._links: dict[str, str] = {}

    def find(self, base: str, folder: Path) -> str:
        """The address to use for `base`: itself, or the file:// URL of a link to it, in `folder` where that will do."""
        if not base.startswith("file:") or os.name == "nt":
            return base
        path = url2pathname(urlsplit(base).path)
        if _is_plain(path):
            return base
        if base not in self._links:
            place = folder if _is_plain(os.fspath(folder)) else self._own_folder()
            link = place / f"channel-{len(self._links) + 1}"
            link.symlink_to(path)
            self._links[base] = link.as_uri()
        return self._links[base]

    def remove(self) -> None:
        """Take away what was made outside the work directory, and forget the rest."""
        self._links.clear()
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def _own_folder(self) -> Path:
        self._temporary = self._temporary or tempfile.TemporaryDirectory(prefix="pyve-")
        return Path(self._temporary.name)


def _is_plain(path: str) -> bool:
    return _PLAIN_PATH.fullmatch(path) is not None


def _replace_all(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    for old, new in pairs:
        if old != new:
            text = re.sub(re.escape(old) + r"(?=[/\s'\"\])]|$)", new.replace("\\", r"\\"), text)
    return text
