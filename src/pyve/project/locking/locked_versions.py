"""What a lock pins, as people compare it: names and versions."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pyve.errors import PyveError
from pyve.project.credentials import strip_credentials
from pyve.project.locking.lock_target import LockFormat
from pyve.project.locking.pin_lines import PinLine, read_pin_lines
from pyve.project.manifests.toml_text import parse_toml
from pyve.project.manifests.yaml_text import parse_yaml
from pyve.project.manifests.yaml_value import YamlList, YamlMapping, YamlScalar, YamlValue
from pyve.project.package_name import normalise_name

_ARCHIVE = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+?)-\d[^/]*\.(?:whl|zip|tar\.\w+|tgz)$")
_TOML_PAIR = re.compile(r"""^\s*(?P<key>name|version)\s*=\s*["'](?P<value>[^"']+)["']""")
_ROWS = "\npackage:\n"
_YAML_PAIR = re.compile(r"""^(?:- |  )(?P<key>name|version|manager|url):\s*["']?(?P<value>[^"'\s]+)""")


def read_locked_versions(text: str, lock_format: LockFormat) -> Mapping[str, tuple[str, ...]]:
    """Return name -> its versions, sorted, more than one where markers or platforms tell them apart.

    A package by URL or repository has that as its version, without credentials. Of a text that is damaged, what can be
    read. Names are as PEP 503 compares them, those of conda packages in small letters.
    """
    read = {
        LockFormat.REQUIREMENTS: _read_requirements,
        LockFormat.PYLOCK: _read_pylock,
        LockFormat.CONDA_LOCK: _read_conda_lock,
    }[lock_format]
    found: dict[str, set[str]] = defaultdict(set)
    for name, version in read(text.removeprefix("\ufeff")):
        found[name].add(strip_credentials(version))
    return {name: tuple(sorted(found[name], key=_version_key)) for name in sorted(found)}


def name_of_place(place: str) -> str:
    """Return what a package at a URL or path is probably called, normalised."""
    egg = re.search(r"[#&]egg=([A-Za-z0-9._-]+)", place)
    if egg:
        return normalise_name(egg[1])
    last = re.split(r"[?#]", place, maxsplit=1)[0].rstrip("/\\").replace("\\", "/").rpartition("/")[2]
    archive = _ARCHIVE.match(last)
    # A revision follows the @ of a repository.
    return normalise_name(archive["name"] if archive else last.partition("@")[0].removesuffix(".git")) or place


def _read_requirements(text: str) -> Iterator[tuple[str, str]]:
    for line in read_pin_lines(text):
        if not line.is_option:
            yield from _read_line(line)


def _read_line(line: PinLine) -> Iterator[tuple[str, str]]:
    if line.name:
        version = line.version or line.place
        if version:
            yield normalise_name(line.name), version
        return
    place = re.sub(r"^(?:-e|--editable)[\s=]+", "", line.text).partition(" ;")[0].strip()
    if re.search(r"[/\\]|^\.|\.(?:whl|zip|tar\.\w+|tgz)$", place):
        yield name_of_place(place), place


def _read_pylock(text: str) -> Iterator[tuple[str, str]]:
    try:
        packages = parse_toml(text).get("packages")
    except ValueError:
        yield from _scan(text, _TOML_PAIR, begins=lambda line: line.strip().startswith("["))
        return
    for package in packages if isinstance(packages, list) else ():
        name = package.get("name") if isinstance(package, dict) else None
        if isinstance(name, str):
            version = package.get("version") or _place_of(package)
            yield normalise_name(name), str(version or "")


def _place_of(package: Mapping[str, Any]) -> str | None:
    """The URL or path of a package that has no version."""
    for kind in ("vcs", "archive", "directory"):
        table = package.get(kind)
        place = (table.get("url") or table.get("path")) if isinstance(table, dict) else None
        if isinstance(table, dict) and isinstance(place, str):
            commit = table.get("commit-id")
            return f"{table.get('type', 'git')}+{place}@{commit}" if kind == "vcs" else place
    return None


def _read_conda_lock(text: str) -> Iterator[tuple[str, str]]:
    if _has_plain_rows(text):  # as conda-lock and pyve write them: a parser would take most of a lock's own time
        yield from _scan(text.partition(_ROWS)[2], _YAML_PAIR, begins=lambda line: line.startswith("- "))
        return
    try:
        document = parse_yaml(text, "conda-lock.yml")
    except PyveError:
        yield from _scan(text, _YAML_PAIR, begins=lambda line: line.startswith("- "))
        return
    rows = document.get("package") if isinstance(document, YamlMapping) else None
    for row in rows.items if isinstance(rows, YamlList) else ():
        if isinstance(row, YamlMapping):
            yield from _name_row({key: _text(row.get(key)) for key in ("name", "version", "manager", "url")})


def _has_plain_rows(text: str) -> bool:
    """Whether each row begins with `- name: ` at the margin, one key a line, and nothing comes after the rows."""
    rows = text.partition(_ROWS)[2]
    return rows.startswith("- name: ") and all(line.startswith(("- name: ", "  ")) for line in rows.splitlines())


def _name_row(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    name, version = row.get("name"), row.get("version")
    if not name or not version:
        return
    is_pip, url = row.get("manager") == "pip", row.get("url", "")
    is_repository = is_pip and re.match(r"^(?:git|hg|svn|bzr)\+", url)
    yield (normalise_name(name) if is_pip else name.lower()), url if is_repository else version


def _scan(text: str, pair: "re.Pattern[str]", *, begins: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Read the names and versions of a text that no parser takes, line by line."""
    row: dict[str, str] = {}
    for line in (*text.splitlines(), ""):
        if begins(line) or not line:
            yield from _name_row(row)
            row = {}
        found = pair.match(line)
        if found:
            row.setdefault(found["key"], found["value"])
    yield from _name_row(row)


def _text(value: YamlValue | None) -> str:
    return value.text if isinstance(value, YamlScalar) else ""


def _version_key(version: str) -> tuple[tuple[int, str], ...]:
    """1.9 before 1.10, without taking versions for more than texts."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", version))
