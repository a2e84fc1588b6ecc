"""The micromamba backend: recognised, not built yet."""

from typing import NoReturn

from pyve.backends.backend import BuildRequest, BuildResult, Damage
from pyve.environments.changes import EnvironmentChanges
from pyve.environments.progress import Progress
from pyve.environments.record import EnvironmentRecord
from pyve.errors import BackendUnavailableError
from pyve.project.detection import BackendChoice


class MicromambaBackend:
    """Says that conda environments cannot be built by this version."""

    name = "micromamba"
    makes_venv_link = False

    def build(self, request: BuildRequest, progress: Progress) -> BuildResult:
        """Raise BackendUnavailableError."""
        refuse()

    def changes_on_entry(self, record: EnvironmentRecord, *, name: str) -> EnvironmentChanges:
        """Raise BackendUnavailableError: a newer pyve made the record."""
        refuse()

    def sentinels(self, record: EnvironmentRecord) -> tuple[str, ...]:
        """Raise BackendUnavailableError."""
        refuse()

    def installed(self, record: EnvironmentRecord) -> dict[str, str]:
        """Raise BackendUnavailableError."""
        refuse()

    def diagnose(self, record: EnvironmentRecord, *, start_nothing: bool = False) -> Damage | None:
        """Raise BackendUnavailableError."""
        refuse()


def refuse(choice: BackendChoice | None = None) -> NoReturn:
    """Raise BackendUnavailableError, with the reason why micromamba was chosen."""
    raise BackendUnavailableError(
        "The micromamba backend is not part of this version of pyve: conda environments cannot be built yet."
        + "".join(f" {sentence}" for sentence in (choice.evidence[:1] if choice else ())),
        hint="pyve init --backend venv  # builds from the Python manifests alone",
    )
