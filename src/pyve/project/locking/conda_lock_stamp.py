"""The stamp of a conda-lock.yml: texts in metadata.custom_metadata, which conda-lock leaves to its users."""

import re

from pyve.errors import ManifestInvalidError
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
from pyve.project.locking.stamp_text import digest_json, escape_text, unescape_text
from pyve.project.manifests.yaml_text import read_yaml_mapping
from pyve.project.manifests.yaml_value import YamlList, YamlMapping, YamlScalar, YamlValue

_PREFIX = "pyve-"
_VERSION = "pyve-lock"
_INPUTS = "pyve-made-from"
_METADATA = re.compile(r"^metadata:[^\n]*\n(?:(?:[ \t#][^\n]*)?(?:\r?\n|\Z)(?<!\A))*", re.MULTILINE)
_CUSTOM = re.compile(r"^(?P<indent> +)custom_metadata:[ \t]*(?P<value>[^\n#]*?)[ \t]*(?:#[^\n]*)?\r?\n", re.MULTILINE)
# One of pyve's keys, and what is deeper than it: the block of the inputs.
_OWN = re.compile(r"^(?P<deep> +)['\"]?pyve-[a-z-]+['\"]?:[^\n]*\n(?:(?P=deep) +[^\n]*\n)*", re.MULTILINE)


def write(body: str, stamp: LockStamp) -> str:
    """Return `body` with the map at the end of `metadata`, or in the one that is there.

    Raises LockInvalidError for a body without `metadata`, or with a map in braces.
    """
    metadata = _METADATA.search(body)
    if metadata is None:
        raise LockInvalidError("conda-lock.yml:1: `metadata` is missing in this lock.", hint=LOCK_AGAIN)
    block = metadata[0].rstrip("\r\n") + "\n"
    custom = _CUSTOM.search(block)
    if custom is None:
        first = re.search(r"^( +)[^\s#]", block, re.MULTILINE)
        indent = first[1] if first else "  "
        block += f"{indent}custom_metadata:\n{_write_keys(stamp, indent * 2)}"
    elif custom["value"] in ("", "null", "~", "{}"):
        deeper = re.match(rf"{custom['indent']} +", block[custom.end() :])
        indent = deeper[0] if deeper else custom["indent"] * 2
        head = f"{custom['indent']}custom_metadata:\n{_write_keys(stamp, indent)}"
        block = block[: custom.start()] + head + block[custom.end() :]
    else:
        raise LockInvalidError(
            "conda-lock.yml: `custom_metadata` is written in braces, where nothing can be added.", hint=LOCK_AGAIN
        )
    return body[: metadata.start()] + block + body[metadata.end() :]


def read(text: str, *, shown: str) -> LockStamp | None:
    """Read `metadata` alone, without what the lock pins."""
    if _PREFIX not in text:
        return None
    refuse_conflict(text, shown=shown)
    metadata = _METADATA.search(text)
    line = text.count("\n", 0, metadata.start()) + 1 if metadata else 1
    mapping = _parse("\n" * (line - 1) + metadata[0] if metadata else text, shown).get("metadata")
    custom = mapping.get("custom_metadata") if isinstance(mapping, YamlMapping) else None
    own = {key.text: value for key, value in _entries(custom) if key.text.startswith(_PREFIX)}
    if not own:
        return None
    place = f"{shown}:{min(value.line for value in own.values())}"
    fields = {}
    for name, value in own.items():
        if not isinstance(value, YamlScalar):
            raise refuse_stamp(place, f"`{name}` is no text")
        fields[name.removeprefix(_PREFIX)] = value.text
    check_version(fields.pop("lock", ""), place=place)
    lines = fields.pop(_INPUTS.removeprefix(_PREFIX), "").splitlines()
    return read_fields(fields, tuple(unescape_text(one.strip()) for one in lines if one.strip()), place=place)


def remove(text: str) -> str:
    """Return the text without pyve's keys, and without the map where nothing else is in it."""
    metadata = _METADATA.search(text) if _PREFIX in text else None
    if metadata is None:
        return text
    block = _OWN.sub("", metadata[0])
    custom = _CUSTOM.search(block)
    if custom and not custom["value"] and not re.match(rf"{custom['indent']} ", block[custom.end() :]):
        block = block[: custom.start()] + block[custom.end() :]
    return text[: metadata.start()] + block + text[metadata.end() :]


def digest_pins(text: str) -> str:
    """Count every row with all that it says."""
    rows = _parse(text, "conda-lock.yml").get("package")
    if not isinstance(rows, YamlList):
        raise LockInvalidError("conda-lock.yml:1: `package` is missing in this lock.", hint=LOCK_AGAIN)
    return digest_json(sorted(digest_json(_plain(row)) for row in rows.items))


def is_as_written(text: str, stamp: LockStamp) -> bool:
    """Whether the rows are those of the stamp."""
    return digest_pins(text) == stamp.pins_digest


def _write_keys(stamp: LockStamp, indent: str) -> str:
    fields = {f"{_PREFIX}{name}": value for name, value in write_fields(stamp).items()}
    lines = [f"{name}: {_quote(value)}" for name, value in {_VERSION: str(STAMP_VERSION), **fields}.items()]
    if stamp.inputs:
        lines.append(f"{_INPUTS}: |-")
        lines += [f"  {escape_text(text)}" for text in stamp.inputs]
    return "".join(f"{indent}{line}\n" for line in lines)


def _quote(text: str) -> str:
    return "'" + escape_text(text).replace("'", "''") + "'"


def _parse(text: str, shown: str) -> YamlMapping:
    try:
        return read_yaml_mapping(text, shown, hint=LOCK_AGAIN)
    except ManifestInvalidError as error:
        raise LockInvalidError(error.message, hint=LOCK_AGAIN) from error


def _entries(value: YamlValue | None) -> tuple[tuple[YamlScalar, YamlValue], ...]:
    return value.entries if isinstance(value, YamlMapping) else ()


def _plain(value: YamlValue) -> object:
    if isinstance(value, YamlMapping):
        return {key.text: _plain(one) for key, one in value.entries}
    return [_plain(one) for one in value.items] if isinstance(value, YamlList) else value.text
