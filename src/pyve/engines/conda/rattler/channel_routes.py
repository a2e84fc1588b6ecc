"""Which of a channel's sources is in use, and how its URLs are written in the terms of the source."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from pyve.project.conda.channel import Channel


class ChannelRoutes:
    """The source of each channel that packages and repodata come from; the first one, until it fails."""

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}
        self._in_use: dict[str, int] = {}

    def add(self, channels: Iterable[Channel]) -> None:
        """Know these channels; what was found out about them before stays."""
        for channel in channels:
            self._channels[channel.url] = channel

    def base_of(self, channel: Channel) -> str:
        """The base to fetch from."""
        sources = channel.sources or (channel.url,)
        return sources[min(self._in_use.get(channel.url, 0), len(sources) - 1)].rstrip("/")

    def leave(self, failed_url: str) -> bool:
        """Take the next source of the channel that `failed_url` lies in, else of each; False when there is none."""
        concerned = [channel for channel in self._channels.values() if _lies_in(failed_url, self.base_of(channel))]
        moved = False
        for channel in concerned or self._channels.values():
            index = self._in_use.get(channel.url, 0)
            if index + 1 < len(channel.sources):
                self._in_use[channel.url] = index + 1
                moved = True
        return moved

    def to_source(self, url: str) -> str:
        """A canonical URL, as it is fetched."""
        return self._replace(url, [(channel.url.rstrip("/"), self.base_of(channel)) for channel in self._all()])

    def to_canonical(self, url: str) -> str:
        """The URL that records and locks hold, of one that was fetched."""
        return self._replace(url, [(self.base_of(channel), channel.url.rstrip("/")) for channel in self._all()])

    def translate_spec(self, text: str, channels: Sequence[Channel]) -> str | None:
        """A spec whose `channel::` is the source's URL; None when it names a channel that is not among `channels`."""
        named, separator, rest = text.partition("::")
        if not separator or "[" in named:
            return text
        for channel in channels:
            for name in (channel.name, channel.url.rstrip("/"), *(source.rstrip("/") for source in channel.sources)):
                if named == name or named.startswith(f"{name}/"):  # `conda-forge/linux-64::numpy`
                    return f"{self.base_of(channel)}{named[len(name) :]}::{rest}"
        return None

    def _all(self) -> list[Channel]:
        return list(self._channels.values())

    @staticmethod
    def _replace(url: str, bases: Sequence[tuple[str, str]]) -> str:
        for old, new in sorted(bases, key=lambda pair: len(pair[0]), reverse=True):
            if url.startswith(f"{old}/"):
                return new + url[len(old) :]
        return url


def _lies_in(url: str, base: str) -> bool:
    if url.startswith(base):
        return True
    asked, place = urlsplit(url), urlsplit(base)
    return (asked.scheme, asked.netloc) == (place.scheme, place.netloc) and asked.path.startswith(place.path)
