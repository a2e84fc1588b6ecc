"""How rattler speaks with servers; rattler itself is imported in the worker alone."""

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
    """Those of the longest prefix `host:port/path` that the request lies in.

    Rattler does not tell the port: where it could be one of several with differing headers, none are sent.
    """
    best: dict[str, str] = {}  # host:port -> prefix
    for prefix in headers:
        place, _, folder = prefix.partition("/")
        inside = path.startswith(f"/{folder.rstrip('/')}/") or not folder.strip("/")
        if place.rpartition(":")[0] == host and inside and len(prefix) > len(best.get(place, "")):
            best[place] = prefix
    found = [dict(headers[prefix]) for prefix in best.values()]
    return (found[0] or None) if found and all(one == found[0] for one in found) else None


def find_ambiguous(headers: Mapping[str, Mapping[str, str]]) -> str:
    """A prefix whose headers would never be sent, because another port has the same path; empty when there is none."""
    for prefix, carried in headers.items():
        place, _, folder = prefix.partition("/")
        path = "/".join(["", *folder.strip("/").split("/"), "x"]) if folder.strip("/") else "/x"
        if carried and find_headers(headers, place.rpartition(":")[0], path) is None:
            return prefix
    return ""
