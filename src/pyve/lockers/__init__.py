"""The lockers: name -> where its class lies. A new one is one module and one line here."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyve.lockers.locker import Locker

LOCKERS = {
    "uv": ("pyve.lockers.uv.locker", "UvLocker"),
    "pip-tools": ("pyve.lockers.pip_tools.locker", "PipToolsLocker"),
    "rattler": ("pyve.lockers.rattler.locker", "RattlerLocker"),
    "conda-lock": ("pyve.lockers.conda_lock.locker", "CondaLockLocker"),
}


def locker_named(name: str) -> "Locker":
    """The locker called `name`, one of LOCKERS."""
    module, attribute = LOCKERS[name]
    locker: Locker = getattr(import_module(module), attribute)()
    return locker
