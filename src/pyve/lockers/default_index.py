"""Which files are the default index's, that everybody has: told by how it names them, wherever its hosts are."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from pyve.lockers.local_places import is_local

# By their own digest (BLAKE2b).
_FILE = re.compile(r"^https://[^/]+/packages/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{60}/[^/]+$")


def is_of_default_index(url: str, configured: Iterable[str]) -> bool:
    """Whether a file is one of the default index, not of a mirror of it among the places `configured`."""
    return bool(_FILE.match(url)) and host_of(url) not in hosts_of(configured)


def hosts_of(places: Iterable[str]) -> set[str]:
    """Return the hosts of those that are no places on this machine."""
    return {host_of(one) for one in places if not is_local(one)}


def host_of(url: str) -> str:
    """Return the host with its port, in small letters, without credentials."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()
