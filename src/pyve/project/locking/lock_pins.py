"""What a lock of any tool pins, with what its pins depend on: read to ask whether it answers what is declared."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyve.project.locking.lock_target import LockFormat
from pyve.project.locking.pin_lines import PinLine, read_pin_lines
from pyve.project.locking.pylock_stamp import parse_pylock
from pyve.project.package_name import normalise_name

if TYPE_CHECKING:
    from packaging.markers import Marker

_HEADER_PYTHON = re.compile(
    r"^#.*(?:pip-compile with Python |--python(?:-version)?[= ])(?P<version>3\.\d+)", re.MULTILINE
)
_UNIVERSAL = re.compile(r"^#.*(?:\s--universal\b|\suv export\b)", re.MULTILINE)


@dataclass(frozen=True)
class LockPin:
    """One package of a lock: a version, or a place (URL, repository, path). `line` is 0 where it is not known.

    `name` is normalised, None where only a place is told. `via` says what needs it.
    """

    name: str | None
    version: str | None = None
    place: str | None = None
    marker_text: str = ""
    line: int = 0
    via: tuple[str, ...] = ()
    written: str = ""

    @cached_property
    def marker(self) -> "Marker | None":
        """The marker, None where it holds everywhere, or cannot be understood."""
        from packaging.markers import InvalidMarker, Marker

        try:
            return Marker(self.marker_text) if self.marker_text else None
        except InvalidMarker:
            return None

    def holds(self, environment: Mapping[str, Any]) -> bool:
        """Whether it is installed in an environment of markers, with `extras` and `dependency_groups` in it."""
        return self.marker is None or self.marker.evaluate(dict(environment), context="lock_file")


@dataclass(frozen=True, kw_only=True)
class LockPins:
    """All pins. `requires_python` and `environments` are those of a pylock.toml; `parts` are `group dev`, `extra plot`.

    `python` is the version that a requirements.txt says it was made for, None where it says none.
    """

    pins: tuple[LockPin, ...]
    requires_python: str = ""
    environments: tuple[str, ...] = ()
    parts: frozenset[str] = frozenset()
    default_groups: tuple[str, ...] = ()
    python: str | None = None
    is_for_all_pythons: bool = False
    is_pylock: bool = False


def read_lock_pins(text: str, lock_format: LockFormat, *, shown: str) -> LockPins:
    """Read them; LockInvalidError where a pylock.toml is not TOML."""
    if lock_format is LockFormat.PYLOCK:
        return _of_document(parse_pylock(text, shown=shown))
    lines = (line for line in read_pin_lines(text) if not line.is_option)
    version = _HEADER_PYTHON.search(text)
    return LockPins(
        pins=tuple(map(_of_line, lines)),
        python=version["version"] if version else None,
        is_for_all_pythons=_UNIVERSAL.search(text) is not None,
    )


def _of_line(line: PinLine) -> LockPin:
    body, _, marker = re.sub(r"\s--[a-z].*$", "", line.text).partition(" ;" if line.place else ";")
    name = normalise_name(line.name) if line.name else None
    place = line.place if name else re.sub(r"^(?:-e|--editable)[\s=]+", "", body).strip()
    return LockPin(
        name=name,
        version=line.version,
        place=place,
        marker_text=marker.strip(),
        line=line.line,
        via=line.via,
        written=body.strip(),
    )


def _of_document(document: Mapping[str, Any]) -> LockPins:
    packages = document.get("packages")
    groups, extras = (_texts(document.get(key)) for key in ("dependency-groups", "extras"))
    defaults = _texts(document.get("default-groups"))
    return LockPins(
        pins=tuple(_of_package(one) for one in packages if isinstance(one, dict)) if isinstance(packages, list) else (),
        requires_python=str(document.get("requires-python") or ""),
        environments=_texts(document.get("environments")),
        parts=frozenset((*(f"group {name}" for name in (*groups, *defaults)), *(f"extra {name}" for name in extras))),
        default_groups=defaults,
        is_for_all_pythons=True,
        is_pylock=True,
    )


def _of_package(package: Mapping[str, Any]) -> LockPin:
    name, version = str(package.get("name", "")), package.get("version")
    return LockPin(
        name=normalise_name(name),
        version=str(version) if version else None,
        place=_place_of(package),
        marker_text=str(package.get("marker") or ""),
        written=f"{name}=={version}" if version else name,
    )


def _place_of(package: Mapping[str, Any]) -> str | None:
    for kind in ("vcs", "archive", "directory"):
        table = package.get(kind)
        if isinstance(table, dict):
            place = str(table.get("url") or table.get("path") or "")
            revision = table.get("requested-revision") or table.get("commit-id")
            return f"{table.get('type', 'git')}+{place}@{revision}" if kind == "vcs" else place
    return None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
