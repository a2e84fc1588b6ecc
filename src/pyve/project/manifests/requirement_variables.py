"""`${NAME}` in requirements files: filled in as pip does, except in URLs, where the value may be a secret."""

import re
from collections.abc import Mapping

VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")  # pip's: upper case, braces
_URL = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*|\})://|\bfile:")
_OTHER_LINE = re.compile(r"\s*(?:#|-(?!e|-editable))")  # a comment or an option


def expand_variables(text: str, environment: Mapping[str, str]) -> str:
    """Fill in the `${NAME}` of names, versions and paths as pip does: those that are set, and not empty.

    From the first URL on, and where the value is a URL, the variable stays for the installer: it may hold credentials.
    """
    start = _url_start(text)
    return VARIABLE.sub(lambda found: _value(found, environment), text[:start]) + text[start:]


def depends_on_variables(text: str) -> bool:
    """True for a line of a requirements file in which variables may be filled in."""
    return "${" in text and not _OTHER_LINE.match(text) and "${" in text[: _url_start(text)]


def _url_start(text: str) -> int:
    found = _URL.search(text)
    return found.start() if found else len(text)


def _value(found: "re.Match[str]", environment: Mapping[str, str]) -> str:
    value = environment.get(found[1], "")
    return found[0] if not value or "://" in value or "@" in value else value
