"""Credentials in URLs, which never reach records, messages or fingerprints."""

import re

# Greedy up to the last @ before the path: an unquoted @ in a password belongs to the password.
_USER_INFORMATION = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)[^/?#\s\"']*@")


def strip_credentials(text: str) -> str:
    """Return `text` with the `user:password@` of every URL in it removed."""
    return _USER_INFORMATION.sub(r"\g<scheme>", text)
