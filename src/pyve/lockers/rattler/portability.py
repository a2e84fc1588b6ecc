"""Whether a file that is about to be locked can be had elsewhere: not from where only this machine is told to look."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pyve.errors.lock import LockNotPortableError
from pyve.lockers.configured_places import list_configured_places
from pyve.lockers.default_index import is_of_default_index
from pyve.project.credentials import strip_credentials
from pyve.project.manifest import read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_as_pip_does
from pyve.project.requirement import IndexOptions, RequirementSet


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where packages are looked for: `declared` by the project, and `own` of this machine and its user.

    `written` is the text of the declaring files: an absolute path that stands in it is meant for all who read it.
    """

    declared: frozenset[str]
    own: frozenset[str]
    written: str = ""

    def require_portable(self, name: str, *, index: str, url: str, origin: str) -> None:
        """Raise LockNotPortableError for a package of an index, or a file at a URL, that others do not have."""
        place = _plain(index)
        where = f"{origin}: " if origin else ""
        is_default = is_of_default_index(url, (place,))  # although it is configured here once more
        if place in self.own and place not in self.declared and not is_default:
            raise LockNotPortableError(
                f"{where}{name} comes from {place}, which only the configuration of this machine names; "
                "nobody else could install the lock.",
                hint=f"declare it below `pip:` in environment.yml: - --extra-index-url {place}",
            )
        if url.startswith("file:") and not self._is_written(place):
            raise LockNotPortableError(
                f"{where}the file of {name} lies in a directory of this machine ({Path(url).name}); "
                "nobody else could install the lock.",
                hint="put it on an index, and declare that below `pip:` in environment.yml: - --extra-index-url URL",
            )

    def _is_written(self, place: str) -> bool:
        path = url2pathname(urlsplit(place).path)  # which Windows writes in two ways
        return any(one in self.written for one in (place, path, Path(path).as_posix()))


def find_places(
    asked: RequirementSet, configured: IndexOptions, environment: Mapping[str, str], *, sources: Iterable[Path]
) -> Places:
    """The places of the pip section, which stands in `sources`, and those of pip's and uv's configuration."""
    own = list_configured_places(configured, environment)
    files = (*sources, *map(Path, asked.files))
    return Places(
        declared=frozenset(map(_plain, _list(asked.options))),
        own=frozenset(filter(None, map(_plain, own))),
        written="\n".join(decode_as_pip_does(read_manifest_bytes(file), file) for file in files),
    )


def _list(options: IndexOptions) -> Iterator[str]:
    yield from (options.index_url or "", *options.extra_index_urls, *options.find_links)


def _plain(place: str) -> str:
    """A place as it is compared and shown: a URL without credentials and slash at the end."""
    text = Path(place).as_uri() if place and Path(place).is_absolute() else place
    return strip_credentials(text).rstrip("/")
