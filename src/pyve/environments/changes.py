"""What entering an environment does to a process's variables, in no shell's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class EnvironmentChanges:
    """Variables to set, variables to unset, and absolute directories to put first on PATH, the first one foremost.

    `conda_prefix` is the prefix that is stacked on what conda has active (CONDA_SHLVL, CONDA_PREFIX_n), empty for what
    is no conda environment. `sourced` are the names in `set` and `unset` that scripts of packages give and that a shell
    gets by sourcing `scripts` itself, because running them once does not tell all that they do: dialect's ending ("sh",
    "fish", "ps1") -> paths, in the order of entering, `etc/conda/deactivate.d` of the same names in
    `scripts_on_leaving`.
    """

    set: Mapping[str, str]
    unset: tuple[str, ...] = ()
    prepend_path: tuple[str, ...] = ()
    conda_prefix: str = ""
    sourced: tuple[str, ...] = ()
    scripts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scripts_on_leaving: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
