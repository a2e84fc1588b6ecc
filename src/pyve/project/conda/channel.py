"""A channel: where conda packages come from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pyve.project.conda.url_secret import UrlSecret


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One channel, resolved.

    `name` is what people read (`conda-forge`), without credentials. `url` is the canonical base, without credentials,
    trailing slash and subdir: what records and locks hold. `sources` are the bases to fetch from, in order: the mirrors
    that the user configured, else `url`, without credentials as well. `secrets` are the credentials that were cut out
    of the URL that is fetched from; they show nothing of themselves, and do not make two channels differ.
    """

    name: str
    url: str
    sources: tuple[str, ...]
    secrets: tuple[UrlSecret, ...] = field(default=(), repr=False, compare=False)


def is_below(url: str, base: str) -> bool:
    """Whether `url` is `base` or something in it."""
    return url == base or url.startswith(f"{base}/")


def list_sources(url: str, channels: Sequence[Channel]) -> tuple[str, ...]:
    """Where the file with the canonical `url` is fetched from, in order: `url` itself where no channel has a mirror."""
    owners = [channel for channel in channels if is_below(url, channel.url)]
    if not owners:
        return (url,)
    owner = max(owners, key=lambda channel: len(channel.url))
    return tuple(source + url[len(owner.url) :] for source in owner.sources)


def find_canonical_url(url: str, channels: Sequence[Channel]) -> str:
    """The canonical URL of a file that was fetched as `url`, without credentials, from one of the channels' sources."""
    owners = [(source, channel) for channel in channels for source in channel.sources if is_below(url, source)]
    if not owners:
        return url
    source, owner = max(owners, key=lambda pair: len(pair[0]))
    return owner.url + url[len(source) :]
