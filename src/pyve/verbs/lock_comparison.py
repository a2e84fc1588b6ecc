"""Whether a pylock.toml holds what pyproject.toml itself asks for: nobody else compares the two."""

from collections.abc import Iterator
from pathlib import Path

from pyve.environments.record import EnvironmentRecord
from pyve.errors import PyveError
from pyve.project.package_name import normalise_name
from pyve.project.some_names import show_some


def tell_unmet_dependencies(record: EnvironmentRecord) -> tuple[str, ...]:
    """One sentence where the lock of the environment leaves [project].dependencies unmet, none where all is well."""
    if record.source != "pylock.toml":
        return ()
    unmet = list(_find_unmet(record))
    if not unmet:
        return ()
    return (f"pylock.toml does not hold what pyproject.toml asks for: {show_some(unmet)}; lock again.",)


def _find_unmet(record: EnvironmentRecord) -> Iterator[str]:
    from packaging.markers import default_environment
    from packaging.requirements import InvalidRequirement, Requirement

    from pyve.project.manifests.pyproject_toml import read_pyproject_toml

    root = Path(record.project_root)
    try:
        entries = read_pyproject_toml(root / "pyproject.toml", root=root).dependencies
    except (PyveError, OSError):
        return  # absent, or told elsewhere
    short = ".".join(record.python_version.split(".")[:2])
    here = {name: str(value) for name, value in default_environment().items()}
    here |= {"python_full_version": record.python_version, "python_version": short, "extra": ""}
    for entry in entries:
        try:
            wanted = Requirement(entry.text)
        except InvalidRequirement:
            continue
        if wanted.marker is not None and not wanted.marker.evaluate(here):
            continue
        version = record.distributions.get(normalise_name(wanted.name))
        if version is None:
            yield f"{wanted.name} is not in it"
        elif not wanted.specifier.contains(version, prereleases=True):
            yield f"{wanted.name}{wanted.specifier} (it holds {version})"
