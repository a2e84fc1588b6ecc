"""Credentials in URLs, which never reach records, messages or fingerprints."""

import re

# Greedy up to the last @ before the path: an unquoted @ in a password belongs to the password.
USER_INFORMATION = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)(?P<user>[^/?#\s\"'`<>]*)@")
QUERY_SECRET = re.compile(
    r"(?P<name>[?&](?:[a-z0-9_.-]*(?:token|password|passwd|secret|signature|api[_-]?key|auth|credential)[a-z0-9_.-]*"
    r"|sig|key|pw)=)[^&#\s\"'`<>)]+",
    re.IGNORECASE,
)

# conda's token in a path, `/t/TOKEN/`; it comes first in the path, or behind the prefix of a server with several.
CHANNEL_TOKEN = re.compile(r"(?P<before>://[^\s\"'`<>]*?)/t/(?P<token>[^/\s\"'`<>]+)(?=/|$|[\s\"'`<>])")


def strip_credentials(text: str) -> str:
    """Return `text` without the `user:password@` of every URL in it, and without the values of token parameters."""
    return QUERY_SECRET.sub(r"\g<name>", USER_INFORMATION.sub(r"\g<scheme>", text))


def show_channel_text(text: str) -> str:
    """One name, path or URL of a channel for people: without credentials, and without a query.

    What is no valid URL may have credentials anywhere: of such a one more is cut.
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        return text
    authority, slash, path = rest.partition("/")
    place = re.split(r"[?#]", authority.rpartition("@")[2] + slash + path, maxsplit=1)[0]
    shown = "..." if "@" in path else re.sub("/t/[^/]*", "", place)
    return f"{scheme}://{shown}"
