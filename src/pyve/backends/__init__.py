"""The backends: name -> where its class lies. A new one is one module and one line here."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyve.backends.backend import Backend

BACKENDS = {
    "venv": ("pyve.backends.venv", "VenvBackend"),
    "micromamba": ("pyve.backends.micromamba", "MicromambaBackend"),
}


def backend_named(name: str) -> "Backend":
    """The backend called `name`, one of BACKENDS."""
    module, attribute = BACKENDS[name]
    backend: Backend = getattr(import_module(module), attribute)()
    return backend
