"""What --keep-extras carries over into a conda environment, by where it came from."""

from pathlib import Path

from pyve.backends.backend import BuildRequest
from pyve.environments.conda_prefix import list_conda_packages


def list_carried_over(request: BuildRequest, *, of_conda: bool) -> list[tuple[str, str]]:
    """What is carried over, by where it came from: a record of conda's, or PyPI."""
    owned = list_conda_packages(Path(request.kept_from.directory)) if request.kept_from else {}
    pairs = [(pin.partition("==")[0], pin.partition("==")[2]) for pin in request.keep]
    return [(name, version) for name, version in pairs if (name in owned) is of_conda]
