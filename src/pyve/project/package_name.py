"""Names of packages, extras and groups, as they are compared."""

import re


def normalise_name(name: str) -> str:
    """The name as PEP 503 compares it: lower case, one dash for every run of `-`, `_` and `.`."""
    return re.sub(r"[-_.]+", "-", name).lower()
