"""One conda package, as a lock row, an explicit line or a solver names it."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_PLAIN = re.compile(r"[\w.+!~=-]+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class CondaPackage:
    """An archive to link into a prefix.

    `url` is the canonical one: of the channel itself, whatever mirror it is fetched from, without credentials. `sha256`
    and `md5` are lower-case hexadecimal, None where nobody said. `size` is bytes of the archive. `depends` and
    `constrains` are MatchSpec texts as in repodata.
    """

    name: str
    version: str
    build: str
    subdir: str
    url: str
    build_number: int = 0
    sha256: str | None = None
    md5: str | None = None
    size: int | None = None
    depends: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """`name-version-build.conda` or `.tar.bz2`."""
        return self.url.rpartition("/")[2]

    @property
    def has_plain_names(self) -> bool:
        """Whether name, version and build can be part of a file's name, as in caches and in conda-meta."""
        return all(_PLAIN.fullmatch(part) for part in (self.name, self.version, self.build))

    def as_json(self) -> dict[str, Any]:
        """The package as JSON types; what is not known is left out."""
        return {name: value for name, value in asdict(self).items() if value not in (None, (), 0)}


def package_from_json(document: Mapping[str, Any]) -> CondaPackage:
    """The package that `as_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
    values = dict(document)
    for name in ("depends", "constrains"):
        values[name] = tuple(map(str, values.get(name, ())))
    return CondaPackage(**values)
