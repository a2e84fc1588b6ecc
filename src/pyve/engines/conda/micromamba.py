"""micromamba, the executable."""

from pyve.engines.conda.engine import BuiltPrefix, EngineSurroundings, PrefixRequest, Solution, SolveRequest
from pyve.environments.progress import Progress
from pyve.errors.conda import EngineFailedError


class MicromambaEngine:
    """micromamba 2.x."""

    name = "micromamba"

    def __init__(self, surroundings: EngineSurroundings) -> None:
        self._surroundings = surroundings

    def version(self) -> str:
        """Its own version, as in `2.8.1`."""
        return "0"

    def solve(self, request: SolveRequest, progress: Progress) -> Solution:
        """Find the packages."""
        raise EngineFailedError("not there yet")

    def build(self, request: PrefixRequest, progress: Progress) -> BuiltPrefix:
        """Make the prefix."""
        raise EngineFailedError("not there yet")

    def close(self) -> None:
        """End what the engine has started."""
