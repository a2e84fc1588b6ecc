"""Files that are shipped with pyve and are not Python: in the package, else in the checkout it is installed from."""

import os

import pyve
from pyve.errors import InstallationDamagedError


def find_bundled_file(*parts: str) -> str:
    """The path of a shipped file, named as in the checkout: `shell/bash/hook.bash`.

    A wheel holds these folders inside the package; an editable install does not, and has the checkout around it.
    Raises InstallationDamagedError when the file is in neither place.
    """
    package = os.path.dirname(os.path.abspath(pyve.__file__))
    checkout = os.path.dirname(os.path.dirname(package))
    for top in (package, checkout):
        path = os.path.join(top, *parts)
        if os.path.isfile(path):
            return path
    raise InstallationDamagedError(
        f"{os.path.join(*parts)} is missing from the installation of pyve.", hint="install pyve again"
    )


def read_bundled_file(*parts: str) -> bytes:
    """The content of a shipped file; raises as find_bundled_file does."""
    with open(find_bundled_file(*parts), "rb") as file:
        return file.read()
