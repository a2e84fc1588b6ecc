"""What a prefix that was just linked tells: what was left out, and where its packages come from."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pyve.project.conda.package import CondaPackage

_TOLD_BY_INDEX = ("noarch", "license", "license_family", "timestamp", "track_features", "python_site_packages_path")
_CLOBBERED = "__clobbers__"
_SCRIPTS = ("bin/.{}-post-link.sh", "bin/.{}-pre-link.sh", "Scripts/.{}-post-link.bat", "Scripts/.{}-pre-link.bat")


def record_name(package: CondaPackage) -> str:
    """The name of the package's record in conda-meta."""
    return f"{package.name}-{package.version}-{package.build}.json"


def list_left_out(prefix: Path, packages: Iterable[CondaPackage], *, run_link_scripts: bool) -> dict[str, list[str]]:
    """Names of packages with `link_scripts` that did not run and with `menus`, and the paths that two packages own."""
    scripted = [] if run_link_scripts else [one.name for one in packages if _has_link_script(prefix, one.name)]
    return {"link_scripts": sorted(scripted), "menus": _find_menus(prefix), "clobbered": _find_clobbered(prefix)}


def find_outside(prefix: Path, package: CondaPackage) -> str:
    """A path of the package, as its record has it, that leads out of the prefix (`../x`); empty when there is none."""
    content = (prefix / "conda-meta" / record_name(package)).read_bytes()
    if b"../" in content or b"..\\" in content:  # a record has thousands of paths: it is parsed where there is cause
        for row in json.loads(content).get("paths_data", {}).get("paths", ()):
            if ".." in str(row["_path"]).replace("\\", "/").split("/"):
                return str(row["_path"])
    return ""


def write_canonical_urls(prefix: Path, canonical: Mapping[str, str]) -> None:
    """Write into conda-meta the URLs of `canonical` in place of those that packages were fetched from."""
    if all(source == url for source, url in canonical.items()):
        return
    for path in (prefix / "conda-meta").glob("*.json"):
        document: dict[str, Any] = json.loads(path.read_bytes())
        url = canonical.get(document.get("url", ""))
        if url is not None and url != document["url"]:
            document |= {"url": url, "channel": url.rsplit("/", 2)[0] + "/"}
            path.write_text(json.dumps(document, indent=2, ensure_ascii=False), encoding="utf-8")


def complete_records(prefix: Path, indexes: Mapping[str, Path]) -> None:
    """Put into conda-meta what only the info/index.json of packages tells; `indexes`: name of the record -> that file.

    The fields go before the others, so that lists of thousands of paths need not be parsed.
    """
    for name, index in indexes.items():
        told: dict[str, Any] = json.loads(index.read_bytes())
        fields = {key: told[key] for key in _TOLD_BY_INDEX if told.get(key)}
        record = prefix / "conda-meta" / name
        text = record.read_text(encoding="utf-8")
        if fields and text.startswith("{"):
            record.write_text(f"{json.dumps(fields, indent=2)[:-2]},{text[1:]}", encoding="utf-8")


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
