"""The valid name a misspelt one was probably meant to be."""

from collections.abc import Iterable


def find_nearest_name(name: str, valid_names: Iterable[str]) -> str | None:
    """Return the valid name that looks most like `name`, or None where none does."""
    import difflib  # only failures pay for it

    matches = difflib.get_close_matches(name, sorted(valid_names), n=1, cutoff=0.6)
    return matches[0] if matches else None
