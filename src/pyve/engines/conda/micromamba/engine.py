"""micromamba, the executable: a conda engine for machines and people that want it."""

from pyve.engines.conda.engine import BuiltPrefix, EngineSurroundings, PrefixRequest, Solution, SolveRequest
from pyve.engines.conda.micromamba.building import build_with
from pyve.engines.conda.micromamba.session import MicromambaSession
from pyve.engines.conda.micromamba.sign_in import sign_in
from pyve.engines.conda.micromamba.solving import solve_with
from pyve.environments.progress import Progress, ProgressEvent


class MicromambaEngine:
    """micromamba 2.x. Raises EngineMissingError when there is none, or one that is too old or does not run."""

    name = "micromamba"

    def __init__(self, surroundings: EngineSurroundings) -> None:
        self._session = MicromambaSession(surroundings)

    def version(self) -> str:
        """Its own version, as in `2.9.0`."""
        return self._session.about.version

    def solve(self, request: SolveRequest, progress: Progress) -> Solution:
        """Find the packages."""
        progress(ProgressEvent(phase="solve", message="Solving with micromamba"))
        sign_in(self._session, request.channels)
        return solve_with(self._session, request)

    def build(self, request: PrefixRequest, progress: Progress) -> BuiltPrefix:
        """Make the prefix."""
        sign_in(self._session, request.channels)
        return build_with(self._session, request, progress)

    def close(self) -> None:
        """Take away what is left of the work; nothing runs on."""
        self._session.close()
