"""What was left out of a prefix that was just linked, and what a person should know of the rest."""

import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pyve.engines.conda.engine import BuiltPrefix
from pyve.project.conda.package import CondaPackage

_CLOBBERED = "__clobbers__"
_SCRIPTS = ("bin/.{}-post-link.sh", "bin/.{}-pre-link.sh", "Scripts/.{}-post-link.bat", "Scripts/.{}-pre-link.bat")


def describe_prefix(
    prefix: Path, packages: Collection[CondaPackage], *, run_link_scripts: bool, virtual_packages: Mapping[str, str]
) -> BuiltPrefix:
    """Look at `prefix`, which holds `packages`; names and paths are sorted."""
    scripted = () if run_link_scripts else (one.name for one in packages if _has_link_script(prefix, one.name))
    return BuiltPrefix(
        link_scripts=tuple(sorted(scripted)),
        menus=tuple(_find_menus(prefix)),
        clobbered=tuple(_find_clobbered(prefix)),
        unverified=tuple(sorted(one.name for one in packages if not (one.sha256 or one.md5))),
        virtual_packages=virtual_packages,
    )


def _has_link_script(prefix: Path, name: str) -> bool:
    return any(os.path.lexists(prefix / form.format(name)) for form in _SCRIPTS)


def _find_menus(prefix: Path) -> list[str]:
    """Names of the packages that have a menuinst document; most prefixes have no such folder."""
    if not any((prefix / "Menu").glob("*.json")):
        return []
    owners = []
    for path in (prefix / "conda-meta").glob("*.json"):
        document: dict[str, Any] = json.loads(path.read_bytes())
        if any(file.startswith("Menu/") and file.endswith(".json") for file in document.get("files", ())):
            owners.append(str(document["name"]))
    return sorted(owners)


def _find_clobbered(prefix: Path) -> list[str]:
    """Relative paths; what lost lies in `__clobbers__/<package>/<path>`."""
    losers = prefix / _CLOBBERED
    found = set()
    for folder, _, names in os.walk(losers):
        for name in names:
            _package, *rest = Path(folder, name).relative_to(losers).parts
            found.add("/".join(rest))
    return sorted(found)
