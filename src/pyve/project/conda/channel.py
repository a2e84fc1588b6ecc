"""A channel: where conda packages come from."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One channel, resolved.

    `name` is what people read (`conda-forge`), without credentials. `url` is the canonical base, without credentials,
    trailing slash and subdir: what records and locks hold. `sources` are the bases to fetch from, in order: the mirrors
    that the user configured, else `url`, without credentials as well.
    """

    name: str
    url: str
    sources: tuple[str, ...]
