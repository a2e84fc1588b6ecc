"""Whether packages still satisfy what is declared, and whether this machine satisfies packages."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from pyve.engines.conda.engine import EngineSurroundings
from pyve.project.conda.package import CondaPackage


def find_unmet(
    specs: Sequence[str], packages: Sequence[CondaPackage], surroundings: EngineSurroundings
) -> tuple[str, ...] | None:
    """The specs that no package (for `__x`: no virtual package of this machine) satisfies; None without rattler."""
    return _ask(tuple(specs), tuple(packages), None, surroundings)


def find_unmet_virtual(
    packages: Sequence[CondaPackage], virtual_packages: Mapping[str, str] | None, surroundings: EngineSurroundings
) -> tuple[str, ...] | None:
    """What packages need and `virtual_packages` (None: those of this machine) do not give; None without rattler."""
    wanted = sorted({spec for package in packages for spec in package.depends if spec.startswith("__")})
    return _ask(tuple(wanted), (), virtual_packages, surroundings) if wanted else ()


def _ask(
    specs: tuple[str, ...],
    packages: tuple[CondaPackage, ...],
    virtual: Mapping[str, str] | None,
    surroundings: EngineSurroundings,
) -> tuple[str, ...] | None:
    if find_spec("rattler") is None:
        return None
    from pyve.engines.conda.rattler.engine import RattlerEngine

    engine = RattlerEngine(surroundings)
    try:
        return engine.find_unmet(specs, packages, virtual)
    finally:
        engine.close()
