"""A channel: where conda packages come from."""

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
