"""A channel's URL in its canonical form, and the credentials that were cut out of it."""

import re
from dataclasses import dataclass, field
from pathlib import PurePath
from urllib.parse import quote, unquote, urlsplit

from pyve.project.conda.url_secret import UrlSecret

_SCHEMES = ("https", "http", "file", "s3", "gcs", "oci")
_DEFAULT_PORTS = {"https": 443, "http": 80}
_TOKEN = re.compile(r"^(?P<before>.*?)/t/(?P<token>[^/]+)(?P<after>/.*|)$")
_PATH_SAFE = "/:@!$&'()*+,;=~%"  # RFC 3986 pchar; what is escaped already stays


@dataclass(frozen=True, kw_only=True)
class ChannelUrl:
    """`url` without credentials, without a slash at its end; `secret` is what was cut out."""

    url: str
    secret: UrlSecret | None = field(default=None, repr=False)


def file_url(path: PurePath) -> str:
    """The URL of an absolute path, the same on every Python."""
    posix = path.as_posix()
    if path.drive.startswith("\\\\"):  # \\\\server\\share
        return f"file:{_quote_path(posix)}".rstrip("/")
    return f"file://{_quote_path(posix if posix.startswith('/') else f'/{posix}')}".rstrip("/")


def parse_channel_url(text: str) -> ChannelUrl:
    """Take a URL apart. Raises ValueError with the end of a sentence that never holds a credential."""
    scheme, _, rest = text.partition("://")
    scheme = scheme.lower()
    if scheme not in _SCHEMES:
        raise ValueError(f"has a scheme that channels do not have (they have: {', '.join(_SCHEMES[:3])})")
    if any(letter.isspace() for letter in rest) and scheme != "file":
        raise ValueError("has a space in its URL; write %20")
    if scheme == "file":
        return ChannelUrl(url=_parse_file_url(rest))
    authority, slash, path = rest.partition("/")
    user_information, _, host = authority.rpartition("@")
    if "?" in host + path or "#" in host + path:
        raise ValueError(
            "has a `?` or `#` in its URL, which no channel has; a token stands in the path: /t/TOKEN/channel"
        )
    if "@" in path:  # the user information ends at the first `/`: a password with one in it would end up in the URL
        raise ValueError(
            "has an `@` behind a `/` in its URL; write %2F for a `/` in a password, %40 for an `@` in a path"
        )
    base = f"{scheme}://{_canonical_host(scheme, host)}"
    token = _TOKEN.match(slash + path)
    plain = token["before"] + token["after"] if token else slash + path
    url = base + _canonical_path(plain)
    if token is None and not user_information:
        return ChannelUrl(url=url)
    user, colon, password = user_information.partition(":")
    secret = UrlSecret(
        base=url,
        user=unquote(user) if user_information else None,
        password=unquote(password) if colon else None,
        token=unquote(token["token"]) if token else None,
        token_base=base + _canonical_path(token["before"]) if token else None,
    )
    return ChannelUrl(url=url, secret=secret)


def _canonical_host(scheme: str, host: str) -> str:
    """The host in small letters, without a port that the scheme has anyway."""
    try:
        parts = urlsplit(f"//{host}")
        port, name = parts.port, parts.hostname
    except ValueError:
        raise ValueError("has a host or port in its URL that cannot be") from None
    if not name or not re.fullmatch(r"[\w.:%-]+", name):
        raise ValueError("has no host in its URL")
    shown = f"[{name}]" if ":" in name else name
    return shown if port in (None, _DEFAULT_PORTS.get(scheme)) else f"{shown}:{port}"


def _canonical_path(path: str) -> str:
    segments = [segment for segment in path.split("/") if segment]
    if any(unquote(segment) in (".", "..") for segment in segments):
        raise ValueError("has `.` or `..` in its URL")
    return "".join(f"/{quote(segment, safe=_PATH_SAFE)}" for segment in segments)


def _parse_file_url(rest: str) -> str:
    host, slash, path = rest.partition("/")
    if not slash:
        raise ValueError("has no path in its URL; write file:///srv/channel")
    host = "" if host.lower() == "localhost" else host
    if host and (host in (".", "..", "~") or not re.fullmatch(r"[\w.-]+", host)):
        raise ValueError("has a path that is not absolute; write file:///srv/channel, or ./channel without `file:`")
    return f"file://{host}{_canonical_path(_quote_path(unquote(slash + path)))}"


def _quote_path(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"), safe=_PATH_SAFE.replace("%", ""))
