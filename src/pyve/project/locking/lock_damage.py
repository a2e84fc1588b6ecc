"""What is wrong with the text of a lock, before anything is asked of it: cut off, mixed up, or not its format."""

import re
from typing import Any

from pyve.errors.lock import LockInvalidError
from pyve.project.locking.lock_target import LockFormat
from pyve.project.locking.pin_lines import PinLine, read_pin_lines
from pyve.project.locking.pylock_stamp import parse_pylock
from pyve.project.manifests.manifest_text import find_conflict_marker

_HASH_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128, "sha224": 56, "sha1": 40, "md5": 32}
_LEFT_OVER = re.compile(r"\s(?P<left>-{1,2}h[a-z]*=?|-{1,2})$")
_PATH = re.compile(r"^(?:-e\s|--editable[\s=]|\.|/|[A-Za-z]:[\\/]|[a-z+]+:|.*[\\/])|.*\.(?:whl|zip|tar\.\w+|tgz)\b")
_PLACES = ("wheels", "sdist", "vcs", "directory", "archive")


def is_blank(text: str) -> bool:
    """Whether there is nothing but comments and white space."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines())


def find_damage(text: str, lock_format: LockFormat, *, shown: str) -> str | None:
    """Return a sentence that names the line, None where nothing is wrong; for locks of Python packages."""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return f"{shown}:{line}: there are NUL bytes in it, so it is no text"
    conflict = find_conflict_marker(text)
    if conflict:
        return f"{shown}:{conflict}: a merge conflict is still in it"
    if is_blank(text):
        return None
    return _find_in_pylock(text, shown) if lock_format is LockFormat.PYLOCK else _find_in_requirements(text, shown)


def _find_in_requirements(text: str, shown: str) -> str | None:
    lines = read_pin_lines(text)
    for one in lines:
        problem = _find_in_line(one, text)
        if problem:
            line, told = problem
            return f"{shown}:{line}: {told}"
    pins = [one for one in lines if one.version]
    if pins and not pins[-1].hashes and any(one.hashes for one in pins) and pins[-1] is lines[-1]:
        return f"{shown}:{pins[-1].line}: {pins[-1].name} has no hash, as if the file were cut off there"
    return None


def _find_in_line(one: PinLine, text: str) -> tuple[int, str] | None:
    if one.is_open:
        return len(text.rstrip().splitlines()), "it is cut off: the last line says that another one follows"
    for digest in one.hashes:
        kind, _, value = digest.partition(":")
        if len(value) != _HASH_LENGTHS.get(kind, -1) or not re.fullmatch("[0-9a-fA-F]+", value):
            below = text.splitlines()[one.line - 1 :]
            written = re.compile(rf"--hash[= ]{re.escape(digest)}(?:\s|$)")
            line = one.line + next((number for number, part in enumerate(below) if written.search(part)), 0)
            return line, f"a hash of {one.name or one.text} is cut off, or is none"
    if _LEFT_OVER.search(one.text):
        return one.line, f"the line of {one.name or one.text} is cut off"
    if one.name is None and not one.is_option and not _PATH.match(one.text):
        text = one.text if len(one.text) <= 80 else f"{one.text[:80]}..."
        return one.line, f"{text!r} is no requirement"
    return None


def _find_in_pylock(text: str, shown: str) -> str | None:
    try:
        document = parse_pylock(text, shown=shown)
    except LockInvalidError as error:
        return error.message.rstrip(".")
    return find_document_damage(document, shown=shown)


def find_document_damage(document: dict[str, Any], *, shown: str) -> str | None:
    """Return what a document lacks that PEP 751 wants of a lock."""
    if "lock-version" not in document:
        return f"{shown}: it does not say its lock-version"
    packages = document.get("packages")
    if not isinstance(packages, list):
        return f"{shown}: it has no packages"
    for package in packages:
        name = package.get("name") if isinstance(package, dict) else None
        if not isinstance(name, str):
            return f"{shown}: a package in it has no name"
        if not any(package.get(place) for place in _PLACES):
            return f"{shown}: {name} in it has no file, as if it were cut off there"
    return None
