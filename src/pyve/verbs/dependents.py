"""Which packages need a package, as the environment in use knows it."""

import json
from collections.abc import Iterator
from pathlib import Path

from pyve.environments.record import EnvironmentRecord
from pyve.environments.state import ProjectState
from pyve.project.package_name import normalise_name
from pyve.verbs.situation import Situation, store_of


def find_dependents(situation: Situation, state: ProjectState, name: str) -> tuple[str, ...]:
    """Return the names of what is installed and needs `name` (normalised), sorted; nothing is imported or run."""
    record = store_of(situation, state).current_record() if state.is_registered() else None
    if record is None or name not in record.distributions:
        return ()
    return tuple(sorted({*_ask_distributions(record, name), *_ask_conda(Path(record.directory), name)} - {name}))


def _ask_distributions(record: EnvironmentRecord, name: str) -> Iterator[str]:
    from importlib.metadata import PathDistribution

    from packaging.requirements import InvalidRequirement, Requirement

    for folder in Path(record.site_packages).glob("*.dist-info"):
        distribution = PathDistribution(folder)
        for text in distribution.requires or ():
            try:
                wanted = Requirement(text)
            except InvalidRequirement:
                continue
            if normalise_name(wanted.name) == name and not (wanted.marker and "extra" in str(wanted.marker)):
                yield normalise_name(distribution.metadata["Name"] or folder.name.partition("-")[0])


def _ask_conda(prefix: Path, name: str) -> Iterator[str]:
    for path in (prefix / "conda-meta").glob("*.json"):
        try:
            package = json.loads(path.read_text("utf-8"))
            depends = package.get("depends", [])
        except (OSError, ValueError, AttributeError):
            continue
        if any(normalise_name(str(text).split(" ")[0]) == name for text in depends):
            yield normalise_name(str(package.get("name", path.stem)))
