"""The folder conda-meta of a prefix: a record of each package, and the history."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyve.project.conda.package import CondaPackage

_TOLD_BY_INDEX = ("noarch", "license", "license_family", "timestamp", "track_features", "python_site_packages_path")


def record_name(package: CondaPackage) -> str:
    """The name of the package's record in conda-meta."""
    return f"{package.name}-{package.version}-{package.build}.json"


def make_empty_prefix(prefix: Path) -> None:
    """A prefix without packages, which no engine makes."""
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").touch()


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
