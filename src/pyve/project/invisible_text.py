"""Characters in a text that nobody sees, or that turn the order of what is seen round."""

import re

_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def has_invisible(text: str) -> bool:
    """True where `text` holds a control character, half of a surrogate pair, or one of no width."""
    return _INVISIBLE.search(text) is not None
