"""One text as a scalar of YAML, quoted where and as PyYAML quotes it, with which conda-lock writes its locks."""

import re

# What YAML 1.1 takes for something else than a text: the implicit resolvers of PyYAML.
_NO_TEXT = re.compile(
    r"yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|~|null|Null|NULL||<<|="
    r"|[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
    r"|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}"
    r"(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
)
_PLAIN_START = re.compile(r"(?![#,\[\]{}&*!|>'\"%@`]|[-?:](?:\s|$)|---|\.\.\.)\S")
_SPECIAL_INSIDE = re.compile(r":(?:\s|$)|\s#|\s$")
_ASCII = re.compile(r"[\x20-\x7e]*")
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def write_scalar(text: str) -> str:
    """`text` as a plain scalar where it is one, else in single quotes; in double quotes what is not printable ASCII."""
    if not _ASCII.fullmatch(text):
        return f'"{"".join(map(_escape, text))}"'
    is_plain = _PLAIN_START.match(text) and not _SPECIAL_INSIDE.search(text) and not _NO_TEXT.fullmatch(text)
    return text if is_plain else "'" + text.replace("'", "''") + "'"


def _escape(character: str) -> str:
    number = ord(character)
    if character in _ESCAPED:
        return _ESCAPED[character]
    if 0x20 <= number <= 0x7E:
        return character
    return f"\\x{number:02X}" if number <= 0xFF else f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"
