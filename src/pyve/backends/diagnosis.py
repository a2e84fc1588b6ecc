"""What can be wrong with an environment, whatever backend made it."""

from collections.abc import Mapping
from pathlib import Path

from pyve.backends.backend import Damage
from pyve.backends.probe import why_python_fails
from pyve.environments.distributions import missing_distributions
from pyve.environments.record import EnvironmentRecord
from pyve.environments.store import find_link_on_the_way
from pyve.project.some_names import show_some


def diagnose_place(directory: Path) -> Damage | None:
    """What is wrong with where the environment lies: it is gone, or the way leads elsewhere."""
    link = find_link_on_the_way(directory)
    if link is not None:
        return Damage(reason=f"{link} is a link now, and what lies behind it is not pyve's")
    return None if directory.is_dir() else Damage(reason="its directory is gone")


def diagnose_python(python: Path, record: EnvironmentRecord, *, start_nothing: bool) -> Damage | None:
    """What is wrong with its python; whether that runs is left out with `start_nothing`."""
    if not python.exists():
        return Damage(reason="its python is gone")
    failure = None if start_nothing else why_python_fails(python, expected=record.python_version)
    return Damage(reason=failure) if failure else None


def diagnose_packages(record: EnvironmentRecord, installed: Mapping[str, str]) -> Damage | None:
    """What of the record is not `installed`, or in another version; such an environment runs."""
    missing = missing_distributions(record.distributions, installed, seeds=record.seeds)
    return Damage(reason=f"another tool changed it ({show_some(missing)})", runs=True) if missing else None
