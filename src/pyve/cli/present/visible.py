"""Text that came from elsewhere, made harmless: a terminal shows it instead of obeying it.

Names of files, packages and projects, and what an installer prints, are chosen by whoever wrote the repository.
"""

from collections.abc import Mapping

_OBEYED = (
    *range(0x20),  # C0: escape sequences begin here
    *range(0x7F, 0xA0),  # DEL and C1
    *(0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),  # what turns the order of letters round
)
_VISIBLE: Mapping[int, str] = {code: ascii(chr(code))[1:-1] for code in _OBEYED if chr(code) not in "\n\t"}


def make_visible(text: str) -> str:
    """`text` with its control characters, but line breaks and tabs, and the bytes that are no text, written out."""
    return text.translate(_VISIBLE).encode("utf-8", "backslashreplace").decode()
