"""The backends: name -> where its class lies. A new one is one module and one line here."""

from importlib import import_module
from typing import TYPE_CHECKING

from pyve.errors import BackendUnavailableError

if TYPE_CHECKING:
    from pyve.backends.backend import Backend

BACKENDS = {
    "venv": ("pyve.backends.venv", "VenvBackend"),
    "micromamba": ("pyve.backends.micromamba", "MicromambaBackend"),
}


def backend_named(name: str) -> "Backend":
    """The backend called `name`; raises BackendUnavailableError for one that this version does not have."""
    if name not in BACKENDS:
        raise BackendUnavailableError(
            f"The backend {name} is not part of this version of pyve; a newer one may have it.", hint="upgrade pyve"
        )
    module, attribute = BACKENDS[name]
    backend: Backend = getattr(import_module(module), attribute)()
    return backend
