"""A pylock.toml (PEP 751) in the layout that uv writes: one line for each file, so that changes of a lock read well."""

import datetime
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BARE_KEY = re.compile(r"^[A-Za-z0-9_-]+$")
_HEAD = ("lock-version", "created-by", "requires-python", "environments", "extras", "dependency-groups")
_PACKAGE = ("name", "version", "marker", "requires-python", "index", "vcs", "directory", "archive", "sdist", "wheels")


def write_pylock(head: Mapping[str, Any], packages: Sequence[Mapping[str, Any]]) -> str:
    """Return the document; keys in the order of the specification, those that it does not name behind them."""
    lines = [f"{key} = {_value(head[key])}" for key in _in_order(head, _HEAD)]
    if not packages:
        lines.append("packages = []")
    for package in packages:
        lines += ["", "[[packages]]"]
        for key in _in_order(package, _PACKAGE):
            lines.append(f"{_key(key)} = {_value(package[key])}")
    return "".join(f"{line}\n" for line in lines)


def _in_order(table: Mapping[str, Any], order: tuple[str, ...]) -> Iterator[str]:
    yield from (key for key in order if key in table)
    yield from sorted(table.keys() - set(order))


def _value(value: Any) -> str:
    if isinstance(value, list) and len(value) > 1:
        return "[\n" + "".join(f"    {_inline(one)},\n" for one in value) + "]"
    return _inline(value)


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_inline(one)}" for key, one in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, int | float):
        return str(value)
    # JSON escapes what TOML does, but for one character.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if _BARE_KEY.match(key) else _inline(key)
