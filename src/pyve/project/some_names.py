"""A list of names that may be long, in a sentence."""

from collections.abc import Iterable


def show_some(names: Iterable[str], *, most: int = 3) -> str:
    """The first `most` of `names`, and how many there are besides."""
    listed = list(names)
    more = len(listed) - most
    return ", ".join(listed[:most]) + (f" and {more} more" if more > 0 else "")
