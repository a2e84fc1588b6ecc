"""pylock.toml, the lock file of PEP 751."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyve.errors import ManifestInvalidError
from pyve.project.credentials import strip_credentials
from pyve.project.local_content import digest_local_path
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_utf8, find_line, show_path
from pyve.project.manifests.toml_text import read_toml, refuse_value

if TYPE_CHECKING:
    from packaging.pylock import Package


@dataclass(frozen=True, kw_only=True)
class LockedPackage:
    """One package of the lock; `content` is what the fingerprint counts of it, as JSON types."""

    name: str
    version: str | None
    marker: str | None
    content: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class PylockToml:
    """What a pylock.toml holds. `local_paths` are the directories and archives it takes from this machine."""

    path: Path
    requires_python: str | None
    extras: tuple[str, ...]
    groups: tuple[str, ...]
    default_groups: tuple[str, ...]
    packages: tuple[LockedPackage, ...]
    local_paths: tuple[Path, ...] = ()

    def canonical_form(self) -> list[Mapping[str, object]]:
        """Return the packages in a stable order; comments, tools' tables and download places do not count."""
        return sorted((package.content for package in self.packages), key=repr)


def read_pylock_toml(path: Path, *, root: Path) -> PylockToml:
    """Read and validate `path`, or raise ManifestInvalidError naming file, line and the package that is wrong."""
    from packaging.pylock import Pylock, PylockUnsupportedVersionError, PylockValidationError

    shown = show_path(path, root)
    text = decode_utf8(read_manifest_bytes(path), path)
    document = read_toml(text, shown)
    try:
        lock = Pylock.from_dict(document)
    except PylockUnsupportedVersionError as error:
        line = find_line(text, r"^\s*lock-version\b")
        version = document.get("lock-version")
        raise refuse_value(
            shown,
            line,
            f"this lock has lock-version {version!r}; pyve reads 1.x.",
            hint="lock again with a tool that writes version 1.0, or update pyve",
        ) from error
    except (PylockValidationError, ValueError, TypeError, AttributeError) as error:
        raise _refuse(error, shown, text) from error
    packages = tuple(_read_package(package, path.parent) for package in lock.packages)
    local = [one for one in (package.directory or package.archive for package in lock.packages) if one and one.path]
    return PylockToml(
        path=path,
        requires_python=str(lock.requires_python) if lock.requires_python else None,
        extras=tuple(lock.extras or ()),
        groups=tuple(lock.dependency_groups or ()),
        default_groups=tuple(lock.default_groups or ()),
        packages=packages,
        local_paths=tuple((path.parent / str(one.path)).resolve() for one in local),
    )


def _refuse(error: Exception, shown: str, text: str) -> ManifestInvalidError:
    context, message = getattr(error, "context", None), getattr(error, "message", str(error))
    line = None
    place = re.match(r"packages\[(\d+)\]", context or "")
    if place:
        headers = [n for n, one in enumerate(text.splitlines(), 1) if re.match(r"^\s*\[\[\s*packages\s*\]\]", one)]
        index = int(place[1])
        line = headers[index] if index < len(headers) else None
    elif context:
        line = find_line(text, rf"^\s*{re.escape(context.split('.')[0])}\b")
    where = f" in {context}" if context else ""
    return refuse_value(shown, line, f"this is not a valid pylock.toml: {message}{where}.", hint="lock again")


def _read_package(package: "Package", folder: Path) -> LockedPackage:
    version = str(package.version) if package.version else None
    marker = str(package.marker) if package.marker else None
    content: dict[str, object] = {"name": package.name, "version": version, "marker": marker}
    content["requires-python"] = str(package.requires_python) if package.requires_python else None
    files = [(one.filename, sorted(one.hashes.items())) for one in package.wheels or ()]
    if package.sdist:
        files.append((package.sdist.filename, sorted(package.sdist.hashes.items())))
    content["files"] = sorted(files)
    if package.vcs:
        where = strip_credentials(package.vcs.url or package.vcs.path or "")
        content["vcs"] = [package.vcs.type, where, package.vcs.commit_id, package.vcs.subdirectory]
    if package.archive:
        content["archive"] = [sorted(package.archive.hashes.items()), package.archive.subdirectory]
    if package.directory:
        editable = bool(package.directory.editable)
        content["directory"] = [
            package.directory.path,
            package.directory.subdirectory,
            editable,
            _digest_directory(folder / package.directory.path, editable=editable),
        ]
    return LockedPackage(name=package.name, version=version, marker=marker, content=_as_json(content))


def _digest_directory(path: Path, *, editable: bool) -> str | None:
    if not path.exists():
        return None  # the installer says what it misses: a marker may exclude it here
    return digest_local_path(path.resolve(), editable=editable)


def _as_json(content: Mapping[str, object]) -> dict[str, Any]:
    """Tuples become lists, so that the form is the same before and after a journey through JSON."""
    import json

    return dict(json.loads(json.dumps(content)))
