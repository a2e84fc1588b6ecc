"""How rattler speaks with servers; imported in the worker alone."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pyve.engines.conda.rattler.orders import Surroundings

if TYPE_CHECKING:
    from rattler import Client

_RETRIES = 3
_REQUEST_SECONDS = 24 * 3600  # of a whole request, body and all; who is silent is found out by patience.py


def open_client(surroundings: Surroundings) -> "Client":
    """A client that retries what may pass, with pauses that grow, and sends the credentials it was given.

    Rattler's own store of credentials, keyring and netrc are left out: what is sent where is read in one place.
    """
    from rattler import Client
    from rattler.networking import AddHeadersMiddleware, MirrorMiddleware, RetryMiddleware

    middlewares: list[AddHeadersMiddleware | MirrorMiddleware | RetryMiddleware] = [RetryMiddleware(_RETRIES)]
    if surroundings.tokens:
        # Behind the cache of repodata, which therefore knows only the URLs without tokens.
        middlewares.append(MirrorMiddleware({base: [secret] for base, secret in surroundings.tokens.items()}))
    if surroundings.headers:
        middlewares.append(AddHeadersMiddleware(lambda host, path: find_headers(surroundings.headers, host, path)))
    return Client(middlewares, timeout=_REQUEST_SECONDS)  # type: ignore[arg-type] # a list of its union


def find_headers(headers: Mapping[str, Mapping[str, str]], host: str, path: str) -> dict[str, str] | None:
    """Those of the longest prefix `host[:port]/path` that the request lies in; rattler does not tell its port."""
    best = ""
    for prefix in headers:
        place, _, folder = prefix.partition("/")
        inside = path.startswith(f"/{folder.rstrip('/')}/") or not folder.strip("/")
        if place.rpartition(":")[0] in {host, ""} | {host} and inside and len(prefix) > len(best):
            best = prefix
    return dict(headers[best]) if best else None
