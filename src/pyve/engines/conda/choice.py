"""Which conda engine is used, and why."""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyve.engines.conda.engine import CondaEngine, EngineSurroundings
from pyve.errors import UsageError
from pyve.errors.conda import EngineMissingError
from pyve.project.conda.settings import ProjectCondaSettings, UserCondaSettings
from pyve.project.nearest_name import find_nearest_name
from pyve.system.programs import find_program

ENGINES = ("rattler", "micromamba")
BOOTSTRAP = "pyve self bootstrap micromamba"


@dataclass(frozen=True, kw_only=True)
class EngineChoice:
    """The engine's name, the end of a sentence that says why, and the executable where it is one.

    `executable` is None for a micromamba that was asked for and is nowhere: opening it fails, bootstrapping helps.
    """

    name: str
    reason: str
    executable: Path | None = None


def choose_engine(
    *,
    option: str | None,
    environment: Mapping[str, str],
    project: ProjectCondaSettings,
    user: UserCondaSettings,
    bootstrapped: Path | None = None,
    rattler: str = "rattler",
) -> EngineChoice:
    """Choose: option > PYVE_CONDA_ENGINE > project > user > rattler, if installed > a known micromamba.

    PATH is looked at only for a micromamba that was asked for by name and is neither configured nor bootstrapped.
    `rattler` is the module's name. Raises UsageError for a name that is none and EngineMissingError.
    """
    wishes = (
        (option, "--engine asks for it"),
        (environment.get("PYVE_CONDA_ENGINE"), "PYVE_CONDA_ENGINE asks for it"),
        (project.engine, "the project's settings ask for it"),
        (user.engine, "the user's settings ask for it"),
    )
    for name, reason in wishes:
        if name:
            return _grant(name, reason, environment, user.micromamba or bootstrapped, rattler)
    if _is_installed(rattler):
        return EngineChoice(name="rattler", reason="it comes with pyve")
    if user.micromamba is not None:
        return EngineChoice(
            name="micromamba",
            reason="rattler is not installed, and the user's settings name a micromamba",
            executable=user.micromamba,
        )
    if bootstrapped is not None:
        return EngineChoice(
            name="micromamba", reason="rattler is not installed, and this one was bootstrapped", executable=bootstrapped
        )
    raise EngineMissingError("No conda engine is installed for this Python.", hint=BOOTSTRAP)


def require_engine_name(name: str, reason: str) -> None:
    """Raise UsageError where `name` is none of an engine."""
    if name not in ENGINES:
        nearest = find_nearest_name(name, list(ENGINES))
        raise UsageError(f"{name!r} is not a conda engine ({reason}).", hint=f"--engine {nearest or ENGINES[0]}")


def open_engine(choice: EngineChoice, surroundings: EngineSurroundings) -> CondaEngine:
    """The engine that was chosen; the caller closes it. Raises EngineMissingError."""
    if choice.name == "micromamba":
        from pyve.engines.conda.micromamba.engine import MicromambaEngine

        return MicromambaEngine(replace(surroundings, micromamba=choice.executable or surroundings.micromamba))
    from pyve.engines.conda.rattler.engine import RattlerEngine

    return RattlerEngine(surroundings)


def _grant(
    name: str, reason: str, environment: Mapping[str, str], executable: Path | None, rattler: str
) -> EngineChoice:
    require_engine_name(name, reason)
    if name == "rattler":
        if not _is_installed(rattler):
            raise EngineMissingError(
                f"rattler is not installed for this Python ({reason}).", hint=f"{BOOTSTRAP}  # and --engine micromamba"
            )
        return EngineChoice(name=name, reason=reason)
    if executable is not None:
        return EngineChoice(name=name, reason=reason, executable=executable)
    found = find_program("micromamba", environment)
    return EngineChoice(name=name, reason=f"{reason}; found on PATH" if found else reason, executable=found)


def _is_installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
