"""Whether packages, of a lock as a rule, still satisfy what is declared."""

from collections.abc import Sequence
from importlib.util import find_spec

from pyve.engines.conda.engine import EngineSurroundings
from pyve.project.conda.package import CondaPackage


def find_unmet(
    specs: Sequence[str], packages: Sequence[CondaPackage], surroundings: EngineSurroundings
) -> tuple[str, ...] | None:
    """The specs that no package (for `__x`: no virtual package of this machine) satisfies; None without rattler."""
    if find_spec("rattler") is None:
        return None
    from pyve.engines.conda.rattler.engine import RattlerEngine

    engine = RattlerEngine(surroundings)
    try:
        return engine.find_unmet(tuple(specs), tuple(packages))
    finally:
        engine.close()
