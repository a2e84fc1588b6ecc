"""conda-lock.yml, the lock file of conda-lock (version 1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyve.errors import ManifestInvalidError
from pyve.project.conda.package import CondaPackage
from pyve.project.conda.package_url import strip_url_secrets
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.conda_lock_row import LOCK_AGAIN, LockRow, read_row, requirement_of
from pyve.project.manifests.manifest_text import decode_utf8, show_path
from pyve.project.manifests.yaml_text import read_yaml_mapping
from pyve.project.manifests.yaml_value import YamlList, YamlMapping, YamlScalar, describe, is_null
from pyve.project.requirement import Requirement

MAIN = "main"


@dataclass(frozen=True, kw_only=True)
class CondaLockYml:
    """What a conda-lock.yml holds: for each of `platforms` a whole environment.

    `content_hashes` maps a platform to the hash of the request that was locked (project/conda/content_hash.py).
    `channels` and `sources` are as they were when it was locked, the channels without credentials.
    """

    path: Path
    platforms: tuple[str, ...]
    content_hashes: Mapping[str, str]
    channels: tuple[str, ...]
    sources: tuple[str, ...]
    rows: tuple[LockRow, ...]

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The categories of its packages, `main` first."""
        found = {row.category for row in self.rows} - {MAIN}
        return (MAIN, *sorted(found))

    def packages_for(self, subdir: str, *, categories: Sequence[str] = (MAIN,)) -> tuple[CondaPackage, ...]:
        """Return conda's packages for a platform, each once, those of the category `main` always."""
        rows = self._rows_for(subdir, categories)
        return tuple({row.key: row.package for row in rows if row.package is not None}.values())

    def pip_requirements_for(self, subdir: str, *, categories: Sequence[str] = (MAIN,)) -> tuple[Requirement, ...]:
        """Return pip's packages for a platform: exact files with their hashes, installed without dependencies."""
        rows = self._rows_for(subdir, categories)
        return tuple({row.key: requirement_of(row) for row in rows if row.manager == "pip"}.values())

    def _rows_for(self, subdir: str, categories: Sequence[str]) -> list[LockRow]:
        wanted = {MAIN, *categories}
        return [row for row in self.rows if row.platform == subdir and row.category in wanted]


def read_conda_lock_yml(path: Path, *, root: Path) -> CondaLockYml:
    """Read `path`, or raise ManifestInvalidError naming file and line."""
    return parse_conda_lock_yml(decode_utf8(read_manifest_bytes(path), path), path, root=root)


def parse_conda_lock_yml(text: str, path: Path, *, root: Path) -> CondaLockYml:
    """Read `text`, which is or was that of `path`, or raise ManifestInvalidError naming file and line."""
    shown = show_path(path, root)
    mapping = read_yaml_mapping(text, shown, hint=LOCK_AGAIN)
    _check_version(mapping, shown)
    metadata = mapping.get("metadata")
    if not isinstance(metadata, YamlMapping):
        raise _refuse(shown, mapping, "metadata", "must hold content_hash, channels, platforms and sources")
    rows = _read_rows(mapping, shown)
    platforms = _read_texts(metadata, "platforms", shown)
    for row in rows:
        if row.platform not in platforms:
            raise ManifestInvalidError(
                f"{row.origin}: {row.name!r} is for {row.platform}, which is not among the platforms of this lock:"
                f" {', '.join(platforms) or 'none'}.",
                hint=LOCK_AGAIN,
            )
    return CondaLockYml(
        path=path,
        platforms=platforms,
        content_hashes=_read_content_hashes(metadata, shown),
        channels=_read_channels(metadata, shown),
        sources=_read_texts(metadata, "sources", shown),
        rows=rows,
    )


def _check_version(mapping: YamlMapping, shown: str) -> None:
    version = mapping.get("version")
    told = version.text if isinstance(version, YamlScalar) else ""
    if told == "1":
        return
    line = mapping.line_of("version") or mapping.line
    if not told:
        raise ManifestInvalidError(f"{shown}:{line}: this lock does not say its version.", hint=LOCK_AGAIN)
    raise ManifestInvalidError(
        f"{shown}:{line}: this lock has version {told}; pyve reads version 1.",
        hint=LOCK_AGAIN,
    )


def _read_rows(mapping: YamlMapping, shown: str) -> tuple[LockRow, ...]:
    section = mapping.get("package")
    if not isinstance(section, YamlList):
        raise _refuse(shown, mapping, "package", "must be a list of packages")
    rows: dict[tuple[str, ...], LockRow] = {}
    first: dict[tuple[str, ...], LockRow] = {}
    for position, item in enumerate(section.items, start=1):
        row = read_row(item, shown, is_last=position == len(section.items))
        key = (*row.key, row.category)
        earlier = rows.get(key)
        other = first.setdefault(row.key, row)
        if earlier is not None or other.url != row.url:
            raise ManifestInvalidError(
                f"{row.origin}: {row.name!r} stands here for {row.platform} once more, as on line"
                f" {(earlier or other).origin.rpartition(':')[2]}.",
                hint=f"take the wrong one out, or {LOCK_AGAIN}",
            )
        rows[key] = row
    _check_whole(tuple(rows.values()))
    return tuple(rows.values())


def _check_whole(rows: tuple[LockRow, ...]) -> None:
    """Refuse a lock that lost rows: cut off between two of them, it would give half an environment without a word."""
    there = {(row.platform, _plain(row.name)) for row in rows}
    for row in rows:
        if row.manager != "conda":  # names of pip's packages may stand for conda's, which are called otherwise
            continue
        for name in row.dependencies:
            if not name.startswith("__") and (row.platform, _plain(name)) not in there:
                raise ManifestInvalidError(
                    f"{row.origin}: {row.name!r} needs {name!r}, which this lock does not have for {row.platform}:"
                    " it is cut off, or was edited.",
                    hint=LOCK_AGAIN,
                )


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _read_content_hashes(metadata: YamlMapping, shown: str) -> dict[str, str]:
    section = metadata.get("content_hash")
    if not isinstance(section, YamlMapping):
        raise _refuse(shown, metadata, "content_hash", "must hold a hash for each platform")
    return {key.text: value.text for key, value in section.entries if isinstance(value, YamlScalar)}


def _read_channels(metadata: YamlMapping, shown: str) -> tuple[str, ...]:
    section = metadata.get("channels")
    if not isinstance(section, YamlList):
        raise _refuse(shown, metadata, "channels", "must be a list")
    urls = []
    for item in section.items:
        url = item.get("url") if isinstance(item, YamlMapping) else item
        if not isinstance(url, YamlScalar) or is_null(url):
            raise ManifestInvalidError(f"{shown}:{item.line}: a channel of this lock has no `url`.", hint=LOCK_AGAIN)
        urls.append(strip_url_secrets(url.text))
    return tuple(urls)


def _read_texts(metadata: YamlMapping, key: str, shown: str) -> tuple[str, ...]:
    section = metadata.get(key)
    if not isinstance(section, YamlList):
        raise _refuse(shown, metadata, key, "must be a list")
    for item in section.items:
        if not isinstance(item, YamlScalar) or is_null(item):
            raise ManifestInvalidError(
                f"{shown}:{item.line}: an entry of `{key}` is {describe(item)}, and must be a text.", hint=LOCK_AGAIN
            )
    return tuple(dict.fromkeys(item.text for item in section.items if isinstance(item, YamlScalar)))


def _refuse(shown: str, mapping: YamlMapping, key: str, problem: str) -> ManifestInvalidError:
    line = mapping.line_of(key)
    told = f"`{key}` {problem}" if line else f"`{key}` is missing, it {problem}"
    return ManifestInvalidError(f"{shown}:{line or mapping.line}: {told}.", hint=LOCK_AGAIN)
