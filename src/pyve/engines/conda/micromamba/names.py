"""The names of packages that channels have, as micromamba has cached their repodata."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyve.engines.conda.archive_hashes import local_archive
from pyve.engines.conda.micromamba.places import Places


def known_names(places: Places, package_cache: Path) -> frozenset[str]:
    """All names in the local channels and in the cached repodata of others; empty where nothing can be read."""
    folders = [folder for place in places.bases if (folder := local_archive(place.source)) is not None]
    files = [file for folder in folders for file in folder.glob("*/repodata.json")]
    return frozenset(_names_in([*files, *(package_cache / "cache").glob("*.json")]))


def _names_in(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        try:
            document = json.loads(file.read_bytes())
            for kind in ("packages", "packages.conda"):
                yield from {str(row["name"]) for row in document.get(kind, {}).values()}
        except (OSError, ValueError, AttributeError, TypeError, KeyError):
            continue  # a note of micromamba's own, or torn: names are only advice
