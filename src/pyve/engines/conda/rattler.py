"""The engine that is embedded: py-rattler, in a worker process that ends with the command."""

from pyve.engines.conda.engine import BuiltPrefix, EngineSurroundings, PrefixRequest, Solution, SolveRequest
from pyve.environments.progress import Progress
from pyve.errors.conda import EngineFailedError


class RattlerEngine:
    """py-rattler."""

    name = "rattler"

    def __init__(self, surroundings: EngineSurroundings) -> None:
        self._surroundings = surroundings

    def version(self) -> str:
        """Its own version, as in `0.28.0`."""
        return "0"

    def solve(self, request: SolveRequest, progress: Progress) -> Solution:
        """Find the packages."""
        raise EngineFailedError("not there yet")

    def build(self, request: PrefixRequest, progress: Progress) -> BuiltPrefix:
        """Make the prefix."""
        raise EngineFailedError("not there yet")

    def close(self) -> None:
        """End what the engine has started."""
