"""Change one setting in a TOML file; comments, order and everything else in it stay.

A new key is put in as a line of text, after the last statement of its table: tomlkit would put it behind the comment
that introduces the next table. tomlkit replaces and removes. Either way the result is parsed again and must say what
was meant and nothing else.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pyve.errors import ConfigInvalidError
from pyve.project.manifests.toml_text import parse_toml
from pyve.project.setting import Value


def set_key(text: str, keys: Sequence[str], value: Value, *, shown: str) -> str:
    """`text`, a valid TOML file called `shown`, with `value` at `keys`. Raises ConfigInvalidError where that fails."""
    if isinstance(value, Mapping):
        if _has(text, keys):
            text = unset_key(text, keys, shown=shown)
        for name, row in value.items():
            text = set_key(text, (*keys, name), row, shown=shown)
        return text
    expected = parse_toml(text)
    table = expected
    for key in keys[:-1]:
        table = table.setdefault(key, {})
    is_new = keys[-1] not in table
    table[keys[-1]] = value
    if is_new:
        inserted = _insert(text, keys, value)
        if _says(inserted, expected):
            return inserted
    return _edit(text, keys, value, expected=expected, shown=shown)


def unset_key(text: str, keys: Sequence[str], *, shown: str) -> str:
    """`text`, which has the keys, without the last of `keys`. A table that this empties stays, if it has a header."""
    expected = parse_toml(text)
    tables = [expected]
    for key in keys[:-1]:
        tables.append(tables[-1][key])
    del tables[-1][keys[-1]]
    return _edit(text, keys, None, expected=expected, shown=shown)


def _insert(text: str, keys: Sequence[str], value: Value) -> str:
    """`text` with a new line in the table of the key, or with a new table behind its parent."""
    import tomli_w

    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    statement = tomli_w.dumps({keys[-1]: value}, multiline_strings=False).splitlines()
    at = _end_of_section(lines, keys[:-1])
    if at is None:
        parent = _end_of_section(lines, keys[:-2]) if len(keys) > 2 else None
        at = len(lines) if parent is None else parent
        before = [""] if lines[:at] and lines[at - 1].strip() else []
        statement = [*before, f"[{'.'.join(keys[:-1])}]", *statement]
    elif len(keys) == 1 and at == 0 and lines:
        statement = [*statement, ""]
    return newline.join([*lines[:at], *statement, *lines[at:]]) + newline


def _end_of_section(lines: list[str], table: Sequence[str]) -> int | None:
    """How many lines there are up to the last statement under the header of `table`; None without that header."""
    headers = [
        number
        for number, line in enumerate(lines)
        if re.match(r"\s*\[", line) and _is_valid("\n".join(lines[:number]))  # else it is within an array
    ]
    begin = 0
    if table:
        header = re.compile(r"\s*\[\s*" + r"\s*\.\s*".join(map(re.escape, table)) + r"\s*\]\s*(#.*)?")
        begin = next((number + 1 for number in headers if header.fullmatch(lines[number])), -1)
        if begin < 0:
            return None
    end = next((number for number in headers if number >= begin), len(lines))
    while end > begin and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return len(lines) if not headers and end == begin else end


def _edit(text: str, keys: Sequence[str], value: Value | None, *, expected: dict[str, Any], shown: str) -> str:
    """`text` as tomlkit changes it; `value` None removes the key."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    windows_lines = "\r\n" in text
    try:
        document = tomlkit.parse(text.replace("\r\n", "\n"))
        table: Any = document
        for key in keys[:-1]:
            table = table[key]
        if value is None:
            del table[keys[-1]]
        else:
            new = tomlkit.item(value)
            old = table.get(keys[-1])
            if hasattr(old, "trivia"):  # the comment behind the old value stays
                new.trivia.comment_ws, new.trivia.comment = old.trivia.comment_ws, old.trivia.comment
            table[keys[-1]] = new
        edited = tomlkit.dumps(document)
    except (TOMLKitError, KeyError, TypeError, ValueError) as error:
        raise _cannot(keys, shown) from error
    if not _says(edited, expected) and not (value is None and _says(edited, _without_empty(expected, keys[:-1]))):
        raise _cannot(keys, shown)
    return edited.replace("\n", "\r\n") if windows_lines else edited


def _says(text: str, expected: dict[str, Any]) -> bool:
    try:
        return parse_toml(text) == expected
    except ValueError:
        return False


def _has(text: str, keys: Sequence[str]) -> bool:
    table: Any = parse_toml(text)
    for key in keys:
        if key not in table:
            return False
        table = table[key]
    return True


def _without_empty(table: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """`table` without those of the tables along `keys` that are empty: without a header of its own one is gone."""
    if not keys:
        return table
    inner = _without_empty(table[keys[0]], keys[1:])
    return {**table, keys[0]: inner} if inner else {key: value for key, value in table.items() if key != keys[0]}


def _is_valid(text: str) -> bool:
    try:
        parse_toml(text)
    except ValueError:
        return False
    return True


def _cannot(keys: Sequence[str], shown: str) -> ConfigInvalidError:
    return ConfigInvalidError(
        f"{shown} is written in a way that pyve cannot change safely; nothing was changed.",
        hint=f"change `{'.'.join(keys)}` in an editor",
    )
