"""What micromamba prints when it succeeds: solutions, and what it knows of itself and of the machine."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyve.engines.conda.micromamba.places import Places
from pyve.project.conda.package import CondaPackage

# What is already in the cache stands in the second alone, and less is said of it there.
_KINDS_OF_ACTION = ("FETCH", "LINK")


@dataclass(frozen=True, kw_only=True)
class About:
    """What `info --json` says."""

    version: str
    platform: str
    virtual_packages: Mapping[str, str]

    @property
    def major(self) -> int:
        """The first number of its version, 0 where there is none."""
        found = re.match(r"\d+", self.version)
        return int(found[0]) if found else 0


def read_about(text: str) -> About:
    """Read the output of `info --json`. Raises ValueError for anything else."""
    document = parse_object(text)
    version = document.get("micromamba version")
    if not isinstance(version, str):
        raise ValueError("it does not say its version")  # noqa: TRY004 - the text is wrong, not a type
    packages: dict[str, str] = {}
    for entry in document.get("virtual packages", ()):
        name, _, rest = str(entry).partition("=")
        number, _, build = rest.partition("=")
        packages[name] = f"{number}={build}" if build not in ("", "0") else number
    return About(version=version, platform=str(document.get("platform", "")), virtual_packages=packages)


def read_solution(text: str, places: Places) -> tuple[CondaPackage, ...]:
    """Read the output of a dry run that succeeded: the packages, sorted by name, with canonical URLs.

    Raises ValueError for one that failed or is something else.
    """
    document = parse_object(text)
    actions = document.get("actions")
    if document.get("success") is False or not isinstance(actions, dict):
        raise ValueError("no packages were chosen")
    try:
        records: dict[str, dict[str, Any]] = {}
        for record in (record for kind in _KINDS_OF_ACTION for record in actions.get(kind, ())):
            known = records.setdefault(record["name"], {})
            known.update({key: value for key, value in record.items() if key not in known or value not in (None, "")})
        return tuple(_read_package(records[name], places) for name in sorted(records))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a package lacks {error}") from error


def _read_package(record: Mapping[str, Any], places: Places) -> CondaPackage:
    url = places.canonical(record["url"])
    return CondaPackage(
        name=record["name"],
        version=record["version"],
        build=record.get("build_string") or record["build"],
        build_number=int(record.get("build_number") or 0),
        subdir=url.rsplit("/", 2)[1],
        url=url,
        sha256=record.get("sha256") or None,
        md5=record.get("md5") or None,
        size=int(record.get("size") or 0) or None,
        depends=tuple(record.get("depends") or ()),
        constrains=tuple(record.get("constrains") or ()),
    )


def parse_object(text: str) -> dict[str, Any]:
    """The JSON object that begins in `text`; ValueError where there is none."""
    document = json.loads(text[max(text.find("{"), 0) :])
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the text is wrong, not a type
    return document
