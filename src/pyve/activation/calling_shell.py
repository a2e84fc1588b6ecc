"""What the shell that started pyve says of itself by its exported variables: its hook, and the project it is in."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyve.activation.process_environment import ROOT


@dataclass(frozen=True, kw_only=True)
class LoadedHook:
    """The hook that a shell has loaded, this one or one above it: its name, and the number of its process."""

    shell: str
    process: str


def find_loaded_hook(environment: Mapping[str, str]) -> LoadedHook | None:
    """The hook that `environment` tells of, None where no shell above has loaded one."""
    shell, _, process = environment.get("_PYVE_HOOK", "").partition(":")
    return LoadedHook(shell=shell, process=process) if shell else None


def find_entered_root(environment: Mapping[str, str]) -> str | None:
    """The path by which the project was entered whose record is in `environment`, None without a record."""
    return environment.get(ROOT) or None
