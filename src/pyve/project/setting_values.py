"""Values of settings: checked when they come from TOML, understood when they come from the command line."""

import re
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from pyve.errors import PythonRequestInvalidError
from pyve.project.conda.channel_url import parse_channel_url
from pyve.project.credentials import show_channel_text
from pyve.project.python_request import parse_python_request
from pyve.project.setting import Kind, Setting, Value

_LONGEST_NAME = 64
_VARIABLE = re.compile(r"\$\{?[A-Za-z_]\w*\}?", re.ASCII)
_LONGEST_SHOWN = 100
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def find_fault(setting: Setting, value: object) -> str | None:
    """Why `value` cannot be the value of `setting`, as "must be ..."; None when it can."""
    if _has_kind(setting, value):
        return None
    return f"must be {setting.expected}, not {_show(value)}"


def parse_value(setting: Setting, text: str) -> Value | None:
    """The value that a command line argument or an environment variable means, None when it means none.

    Lists are separated by commas, the rows of a table (`name=value`) by white space.
    """
    value: Value | None = text
    if setting.kind is Kind.FLAG:
        value = _FLAGS.get(text.lower())
    elif setting.kind is Kind.COUNT:
        value = int(text) if text.isdecimal() else None
    elif setting.kind is Kind.MIRRORS:
        value = _parse_rows(text)
    elif setting.kind in (Kind.NAMES, Kind.PATHS, Kind.CHANNELS):
        value = [name.strip() for name in text.split(",") if name.strip()]
    return value if value is not None and _has_kind(setting, value) else None


def find_row_fault(name: str, value: object) -> str | None:
    """Why `name = value` cannot be a row of the table of mirrors, as "must be ..."; None when it can."""
    if isinstance(value, str) and _is_mirror(value):
        return None if _is_plain(name) else "must be the name of a channel or the beginning of a URL"
    return f"must be a URL or an absolute path, as a text, not {_show(value)}"


def _parse_rows(text: str) -> dict[str, str] | None:
    """The rows of a table in one line; None where something is no `name=value`."""
    rows: dict[str, str] = {}
    for word in text.split():
        # A name may itself be a URL with a query, and so may a value: what begins like a value ends the name.
        found = re.match(r"(?P<name>.+?)=(?P<value>(?:[a-zA-Z][a-zA-Z0-9+.-]*:|[/~]|\\\\).*)", word)
        if found is None:
            return None
        rows[found["name"]] = found["value"]
    return rows or None


def _is_mirror(text: str) -> bool:
    return _is_plain(text) and (_is_web_address(text) or text.startswith("file://") or _is_absolute(text))


def _is_web_address(text: str) -> bool:
    """Whether it is a URL of http or https, with variables in it or without."""
    try:
        return parse_channel_url(_VARIABLE.sub("x", text)).url.startswith(("http://", "https://"))
    except ValueError:
        return False


def _has_kind(setting: Setting, value: object) -> bool:
    kind = setting.kind
    if kind is Kind.FLAG:
        return isinstance(value, bool)
    if kind is Kind.COUNT:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if kind is Kind.MIRRORS:
        return isinstance(value, dict) and all(find_row_fault(name, row) is None for name, row in value.items())
    if kind is Kind.CHANNELS and value == []:
        return False
    if kind in (Kind.NAMES, Kind.CHANNELS):
        return isinstance(value, list) and all(isinstance(name, str) and _is_plain(name) for name in value)
    if kind is Kind.PATHS:
        return isinstance(value, list) and all(isinstance(path, str) and _is_absolute(path) for path in value)
    if not isinstance(value, str) or not _is_plain(value):
        return False
    if kind is Kind.CHOICE:
        return value in setting.choices
    if kind is Kind.PATH:
        return _is_absolute(value)
    if kind is Kind.FILE:
        return _is_inside(value)
    if kind is Kind.URL:
        return _is_web_address(value)
    return _is_python(value) if kind is Kind.PYTHON else _is_name(value)


def _is_absolute(text: str) -> bool:
    is_path = PurePath(text).is_absolute() or text == "~" or text.startswith(("~/", "~\\"))
    return is_path and _is_plain(text)


def _is_inside(text: str) -> bool:
    """Whether the path stays below where it begins, on every system: the file is shared between them."""
    windows = PureWindowsPath(text)
    if windows.drive or windows.root or text.startswith("~"):
        return False
    return ".." not in windows.parts and bool(PurePosixPath(text).parts)


def _is_name(text: str) -> bool:
    """Whether the text may stand in any prompt: there are themes that let the shell expand what they show."""
    return len(text) <= _LONGEST_NAME and not any(letter in text for letter in "$`\\")


def _is_plain(text: str) -> bool:
    return bool(text.strip()) and text.isprintable()


def _is_python(text: str) -> bool:
    try:
        parse_python_request(text, source="configuration")
    except PythonRequestInvalidError:
        return False
    return True


def _show(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        shown = show_channel_text(value)
        return f'"{shown}"' if len(shown) <= _LONGEST_SHOWN else f'"{shown[:_LONGEST_SHOWN]}..."'
    if isinstance(value, (int, float)):
        return f"the number {value}"
    return "a table" if isinstance(value, dict) else "a list" if isinstance(value, list) else f"{value}"
