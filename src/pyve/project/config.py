"""What a project configures for pyve: pyve.toml, or [tool.pyve] in pyproject.toml."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class ProjectConfig:
    """The project's settings, defaults filled in. `declared` are the keys that the file sets; `file` is None without one."""

    backend: str | None = None
    python: str | None = None
    name: str | None = None
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    dev: bool = True
    index_strategy: str = "best-match"  # or "first-index"
    ignore: bool = True
    system_site_packages: bool = False
    file: Path | None = None
    source: str = "default"  # "pyve.toml" or "[tool.pyve]"
    declared: frozenset[str] = frozenset()


def read_project_config(root: Path) -> ProjectConfig:
    """Read the configuration of the project at `root`. Raises ConfigInvalidError and its kinds."""
    raise NotImplementedError
