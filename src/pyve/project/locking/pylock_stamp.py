"""The stamp of a pylock.toml: the table [tool.pyve] at its end, which PEP 751 leaves to tools."""

import re
from typing import Any

from pyve.errors.lock import LockInvalidError
from pyve.project.locking.lock_stamp import STAMP_VERSION, LockStamp
from pyve.project.locking.stamp_fields import (
    LOCK_AGAIN,
    check_version,
    read_fields,
    refuse_conflict,
    refuse_stamp,
    write_fields,
)
from pyve.project.locking.stamp_text import digest_json, digest_text, escape_text, unescape_text
from pyve.project.manifests.toml_text import parse_toml

_NOTE = "# Made by pyve; change what it was made from, then: pyve lock"
_HEADER = "[tool.pyve]"
# To the next table, or to the end.
_TABLE = re.compile(r"\[tool\.pyve\][^\n]*\n(?:(?![ \t]*\[{1,2}[ \t]*[A-Za-z\"'])[^\n]*(?:\n|\Z))*")
_LISTS = ("sources", "platforms")
_DIGESTS = ("inputs", "pins")


def write(body: str, stamp: LockStamp) -> str:
    """Return `body` as it is, with the table behind it.

    `text-digest` is of the body itself: a lock that nobody touched is known without being parsed.
    """
    body = body.rstrip("\n") + "\n"
    fields = write_fields(stamp)
    lines = [_NOTE, "[tool.pyve]", f"stamp-version = {STAMP_VERSION}"]
    for name, value in fields.items():
        if name in _LISTS:
            lines.append(f"{name} = [{', '.join(map(_quote, value.split(',')))}]")
        else:
            lines.append(f"{name}{'-digest' if name in _DIGESTS else ''} = {_quote(value)}")
    lines.append(f"text-digest = {_quote(digest_text(body))}")
    lines += ["inputs = [", *(f"    {_quote(escape_text(text))}," for text in stamp.inputs), "]"]
    return "\n".join((body, *lines, ""))


def read(text: str, *, shown: str) -> LockStamp | None:
    """Read the table alone, without what the lock pins."""
    if "pyve" not in text:
        return None
    refuse_conflict(text, shown=shown)
    table, place = _read_table(text, shown)
    if table is None:
        return None
    check_version(table.get("stamp-version"), place=place)
    inputs = table.get("inputs")
    if not isinstance(inputs, list) or not all(isinstance(one, str) for one in inputs):
        raise refuse_stamp(place, "it does not say its inputs")
    fields = {name: table.get(f"{name}-digest" if name in _DIGESTS else name, "") for name in _FIELD_NAMES}
    fields |= {name: ",".join(map(str, fields[name])) for name in _LISTS if isinstance(fields[name], list)}
    return read_fields(
        {name: str(value) for name, value in fields.items()}, tuple(map(unescape_text, inputs)), place=place
    )


def remove(text: str) -> str:
    """Return the text without the table; what else stands in it stays as it is."""
    if "pyve" not in text:
        return text
    span = _find_table(text)
    if span is None:
        return text
    before = text[: span[0]].rstrip("\r\n").removesuffix(_NOTE).rstrip("\r\n")
    return before + "\n" + text[span[1] :]


def digest_pins(text: str) -> str:
    """Count all that it says but the tables of tools and who made it."""
    document = parse_pylock(text, shown="pylock.toml")
    return digest_json(
        {name: _canonical(value) for name, value in document.items() if name not in ("tool", "created-by")}
    )


def is_as_written(text: str, stamp: LockStamp) -> bool:
    """Whether it is the very text that was written, or pins the same."""
    table, _ = _read_table(text, "pylock.toml")
    if table and table.get("text-digest") == digest_text(remove(text)):
        return True
    return digest_pins(text) == stamp.pins_digest


def parse_pylock(text: str, *, shown: str) -> dict[str, Any]:
    """Return the document; LockInvalidError with the line where it is not TOML."""
    refuse_conflict(text, shown=shown)
    try:
        return parse_toml(text.removeprefix("\ufeff"))
    except ValueError as error:
        place = re.search(r"\s*\(at line (\d+), column \d+\)", str(error))
        line = place[1] if place else str(len(text.rstrip().splitlines()) or 1)
        problem = re.sub(r"\s*\(at [^)]*\)", "", str(error))
        raise LockInvalidError(f"{shown}:{line}: this lock is not valid TOML: {problem}.", hint=LOCK_AGAIN) from error


_FIELD_NAMES = ("locker", "sources", "python", "platforms", "exclude-newer", "only", "inputs", "pins")


def _read_table(text: str, shown: str) -> tuple[dict[str, Any] | None, str]:
    """The table and where it begins; None where there is none."""
    span = _find_table(text)
    if span is None and not re.search(r"^\s*(?:\[\s*)?tool\b|^pyve\b", text, re.MULTILINE):
        return None, shown
    line = text.count("\n", 0, span[0]) + 1 if span else 1  # without the span: it may stand in another form
    part = "\n" * (line - 1) + text[slice(*span)] if span else text
    tools = parse_pylock(part, shown=shown).get("tool")
    table = tools.get("pyve") if isinstance(tools, dict) else None
    return (table if isinstance(table, dict) else None), f"{shown}:{line}"


def _find_table(text: str) -> tuple[int, int] | None:
    """Where the table begins and ends; found from the end, where it is, without looking at what is pinned."""
    at = text.rfind(_HEADER)
    if at < 0 or (at > 0 and text[at - 1] != "\n"):
        return None
    table = _TABLE.match(text, at)
    return table.span() if table else None


def _canonical(value: Any) -> Any:
    """Lists in any order: none in this format has one that means something."""
    if isinstance(value, dict):
        return {name: _canonical(one) for name, one in value.items() if name != "tool"}
    if isinstance(value, list):
        return sorted((_canonical(one) for one in value), key=digest_json)
    return value


def _quote(text: str) -> str:
    """A TOML string of what escape_text made printable."""
    if "'" not in text:
        return f"'{text}'" if '"' in text or "\\" in text else f'"{text}"'
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
