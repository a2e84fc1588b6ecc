"""Which conda engine is used, and why."""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyve.engines.conda.engine import CondaEngine, EngineSurroundings
from pyve.errors import UsageError
from pyve.errors.conda import EngineMissingError
from pyve.project.conda.settings import ProjectCondaSettings, UserCondaSettings

ENGINES = ("rattler", "micromamba")


@dataclass(frozen=True, kw_only=True)
class EngineChoice:
    """The engine's name, the end of a sentence that says why, and the executable where it is one."""

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
) -> EngineChoice:
    """Choose: option > PYVE_CONDA_ENGINE > project > user > rattler, if installed > a known micromamba.

    A micromamba on PATH never decides. Raises UsageError for a name that is none and EngineMissingError.
    """
    wishes = (
        (option, "--engine asks for it"),
        (environment.get("PYVE_CONDA_ENGINE"), "PYVE_CONDA_ENGINE asks for it"),
        (project.engine, "the project's settings ask for it"),
        (user.engine, "the user's settings ask for it"),
    )
    executable = user.micromamba or bootstrapped
    for name, reason in wishes:
        if not name:
            continue
        if name not in ENGINES:
            raise UsageError(f"{name!r} is not a conda engine ({reason}).", hint=f"known are: {', '.join(ENGINES)}")
        return EngineChoice(name=name, reason=reason, executable=executable if name == "micromamba" else None)
    if importlib.util.find_spec("rattler") is not None:
        return EngineChoice(name="rattler", reason="it comes with pyve")
    if executable is not None:
        return EngineChoice(name="micromamba", reason="rattler is not installed", executable=executable)
    raise EngineMissingError("No conda engine is installed.", hint="pyve self bootstrap micromamba")


def open_engine(choice: EngineChoice, surroundings: EngineSurroundings) -> CondaEngine:
    """The engine that was chosen; the caller closes it."""
    if choice.name == "micromamba":
        from pyve.engines.conda.micromamba import MicromambaEngine

        return MicromambaEngine(surroundings)
    from pyve.engines.conda.rattler import RattlerEngine

    return RattlerEngine(surroundings)
