"""What entering an environment does to a process's variables, in no shell's words."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class EnvironmentChanges:
    """Variables to set, variables to unset, and absolute directories to put first on PATH, the first one foremost."""

    set: Mapping[str, str]
    unset: tuple[str, ...] = ()
    prepend_path: tuple[str, ...] = ()
