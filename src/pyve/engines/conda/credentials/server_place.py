"""A place on a server, in the words in which files and keyrings name it."""

import contextlib
import ipaddress
import socket
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, kw_only=True)
class ServerPlace:
    """The place `base` (`https://host:port/path`) on the server `root` (`https://host:port`)."""

    base: str
    root: str
    host: str
    names: tuple[str, ...]  # `host:port`, if the URL names a port, and `host`
    longer_names: tuple[str, ...]  # those with ever shorter paths behind them

    @property
    def is_local(self) -> bool:
        """Whether the server is this machine: what is sent there no one else hears."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


def place_of(url: str) -> ServerPlace | None:
    """The place of a canonical URL; None where it is none of http or https."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    names = (parts.netloc, parts.hostname) if parts.port else (parts.hostname,)
    segments = parts.path.strip("/").split("/")
    paths = ["/".join(segments[:count]) for count in range(len(segments), 0, -1)]
    return ServerPlace(
        base=url,
        root=f"{parts.scheme}://{parts.netloc}",
        host=parts.hostname,
        names=names,
        longer_names=tuple(f"{name}/{path}" for path in paths if path for name in names),
    )


def server_of(url: str) -> str:
    """`host:port` of a URL, the host as clients of HTTP write it (WHATWG), of which one has many spellings: 127.1."""
    parts = urlsplit(url)
    host = unicodedata.normalize("NFKC", unquote(parts.hostname or "")).lower()
    with contextlib.suppress(UnicodeError):
        host = host.encode("idna").decode("ascii")
    with contextlib.suppress(OSError, UnicodeError):
        host = socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))
    with contextlib.suppress(ValueError):
        host = f"[{ipaddress.IPv6Address(host).compressed}]"
    return f"{host}:{parts.port or _PORTS.get(parts.scheme, 443)}"
