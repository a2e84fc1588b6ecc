"""Whether the machine behind a URL can be reached right now."""

import socket
import threading
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

_PORTS = {"https": 443, "http": 80, "ssh": 22, "git": 9418, "socks5": 1080, "socks5h": 1080}


def is_reachable(url: str, environment: Mapping[str, str], *, timeout_seconds: float = 1.0) -> bool:
    """True when a connection to the host of `url`, or to the proxy for it, opens within `timeout_seconds`.

    A name server that never answers is covered too: the question runs in a thread that is not waited for.
    """
    target = _proxy_for(url, environment) or urlsplit(url)
    host, port = target.hostname, _port_of(target)
    if not host or port is None:
        return False
    opened = threading.Event()

    def connect() -> None:
        try:
            with socket.create_connection((host, port), timeout=timeout_seconds):
                opened.set()
        except (OSError, UnicodeError):
            return

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(timeout_seconds)
    return opened.is_set()


def _proxy_for(url: str, environment: Mapping[str, str]) -> SplitResult | None:
    parts = urlsplit(url)
    exempt = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    host = parts.hostname or ""
    if any(
        one and (one == "*" or f".{host}".endswith(f".{one.lstrip('.')}")) for one in exempt.replace(",", " ").split()
    ):
        return None
    for name in (f"{parts.scheme}_proxy", "all_proxy"):
        proxy = environment.get(name) or environment.get(name.upper())
        if proxy:
            return urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return None


def _port_of(parts: SplitResult) -> int | None:
    try:
        return parts.port or _PORTS.get(parts.scheme.rpartition("+")[2])
    except ValueError:
        return None
