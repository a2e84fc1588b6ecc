"""Which distributions lie in a site-packages folder, by the names of their metadata folders (PEP 376, PEP 427)."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyve.project.package_name import normalise_name

_METADATA_FOLDER = re.compile(r"(?P<name>[^-~]+(?:-[^-]+)*?)-(?P<version>[^-]+?)(?:-py[\d.]+)?\.(?:dist-info|egg-info)")


def list_distributions(site_packages: Path) -> dict[str, str]:
    """Normalised name -> version of every distribution in the folder; empty when there is no such folder."""
    try:
        names = [entry.name for entry in site_packages.iterdir() if entry.name.endswith("-info")]
    except OSError:
        return {}
    found = {}
    for name in sorted(names):
        match = _METADATA_FOLDER.fullmatch(name)
        if match:
            found[normalise_name(match["name"])] = match["version"]
    return found


def missing_distributions(
    recorded: Mapping[str, str], present: Mapping[str, str], *, seeds: Iterable[str] = ()
) -> list[str]:
    """What was recorded and is not there any more, or in another version, as `name 1.0` or `name 1.0 -> 2.0`.

    Of `seeds`, which nobody declared, any version will do.
    """
    free = set(seeds)
    return [
        f"{name} {version}" if name not in present else f"{name} {version} -> {present[name]}"
        for name, version in recorded.items()
        if present.get(name) != version and not (name in free and name in present)
    ]


def installed_by_hand(
    recorded: Mapping[str, str], present: Mapping[str, str], *, kept: Iterable[str]
) -> dict[str, str]:
    """What is there and neither declared nor a dependency of it: put in by hand, or carried over from there."""
    carried = set(kept)
    return {name: version for name, version in present.items() if name not in recorded or name in carried}
