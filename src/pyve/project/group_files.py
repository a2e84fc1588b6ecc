"""Requirements files that are a group by their name: requirements-docs.txt is the group `docs`."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyve.project.manifest import has_manifest
from pyve.project.package_name import normalise_name
from pyve.project.requirement import RequirementSet

_NAME = re.compile(r"^requirements-(.+)\.(txt|in)$")


def find_group_files(root: Path) -> Mapping[str, Path]:
    """Normalised name of a group -> its file: the .txt, which may be a lock, before the .in that it is made from."""
    found = {}
    for name in sorted(os.listdir(root), key=lambda name: (name.endswith(".txt"), name)):
        match = _NAME.match(name)
        if match:
            found[normalise_name(match[1])] = root / name
    return found


def read_group_files(
    root: Path, *, groups: Iterable[str], declared: Iterable[str], environment: Mapping[str, str]
) -> Mapping[str, RequirementSet]:
    """Read the files of the asked-for groups, leaving out those that are `declared` elsewhere.

    What no file is there for is left out too: whoever knows all groups tells it.
    """
    from pyve.project.manifests.requirements_txt import read_requirements_file

    wanted = dict.fromkeys(map(normalise_name, groups))
    there = find_group_files(root) if wanted else {}
    return {
        name: read_requirements_file(there[name], root=root, environment=environment)
        for name in wanted
        if name in there and name not in set(declared) and has_manifest(there[name])
    }


def list_candidates(root: Path, groups: Iterable[str]) -> tuple[Path, ...]:
    """The files that could be these groups, there or not: one that comes takes the place of another."""
    return tuple(root / f"requirements-{name}{suffix}" for name in groups for suffix in (".txt", ".in"))
