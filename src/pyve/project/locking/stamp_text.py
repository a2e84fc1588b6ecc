"""Texts in a stamp: printable on one line, so that neither editors nor parsers change them, and back."""

import hashlib
import json
import re
from collections.abc import Iterable

_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\U([0-9a-f]{8})")
_NOT_IN_NAMES = re.compile(r"""[^\w./@+~-]""")  # `:` and `=` too: a coding line (PEP 263) has them


def escape_text(text: str) -> str:
    """Return `text` with escapes of JSON's kind for all that is not printable, backslashes, and spaces at its ends."""
    inner = text.strip(" ")
    if inner == text and text.isprintable() and "\\" not in text:
        return text
    if not inner:
        return "".join(map(_escape, text))
    before, _, after = text.partition(inner)
    plain = "".join(one if one.isprintable() and one != "\\" else _escape(one) for one in inner)
    return "".join((*map(_escape, before), plain, *map(_escape, after)))


def unescape_text(text: str) -> str:
    """Return what escape_text was given."""
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text) if "\\" in text else text


def escape_name(name: str) -> str:
    """Return the name of a file so that it can stand in a list with commas between."""
    return _NOT_IN_NAMES.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass")), name
    )


def unescape_name(name: str) -> str:
    """Return what escape_name was given."""
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(name).decode("utf-8", "surrogatepass") if "%" in name else name


def digest_texts(texts: Iterable[str]) -> str:
    """Return `sha256:...` of several texts in any order, each counted once."""
    return digest_json(sorted(set(texts)))


def digest_text(text: str) -> str:
    """Return `sha256:...` of the text of a lock, whatever its line ends and however many stand at its end."""
    plain = text.replace("\r\n", "\n").rstrip("\n") + "\n"
    return f"sha256:{hashlib.sha256(plain.encode('utf-8', 'surrogatepass')).hexdigest()}"


def digest_json(value: object) -> str:
    """Return `sha256:...` of what JSON can hold; dates count as they are printed."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
