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


def strip_channel_credentials(text: str) -> str:
    """Return `text` without credentials as `strip_credentials` has it, and without the `/t/TOKEN` of conda channels."""
    return CHANNEL_TOKEN.sub(r"\g<before>", strip_credentials(text))
