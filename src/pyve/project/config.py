"""What a project configures for pyve: pyve.toml, or [tool.pyve] in pyproject.toml."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyve.errors import ConfigConflictError
from pyve.project.conda.settings import ProjectCondaSettings
from pyve.project.locking.settings import ProjectLockSettings
from pyve.project.manifest import has_manifest, read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_utf8
from pyve.project.manifests.toml_text import read_toml
from pyve.project.settings import PROJECT_SETTINGS
from pyve.project.settings_reading import locate_key, read_config_toml, read_settings

CONFIG_NAME = "pyve.toml"
PYPROJECT_NAME = "pyproject.toml"
PYPROJECT_TABLE = ("tool", "pyve")
PYPROJECT_SOURCE = "[tool.pyve]"


@dataclass(frozen=True, kw_only=True)
class ProjectConfig:
    """The project's settings, defaults filled in.

    `declared` are the dotted names that the file sets; `file` is None and `source` "default" without one.
    """

    backend: str | None = None
    python: str | None = None
    name: str | None = None
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    dev: bool = True
    index_strategy: str = "best-match"  # or "first-index"
    ignore: bool = True
    env_file: str | None = None  # relative to the root and inside it
    prompt: bool = True
    system_site_packages: bool = False
    conda: ProjectCondaSettings = field(default_factory=ProjectCondaSettings)
    lock: ProjectLockSettings = field(default_factory=ProjectLockSettings)
    file: Path | None = None
    source: str = "default"  # "pyve.toml" or "[tool.pyve]"
    declared: frozenset[str] = frozenset()


def read_project_config(root: Path) -> ProjectConfig:
    """Read the configuration of the project at `root`. Raises ConfigInvalidError and its kinds."""
    own = read_text(root / CONFIG_NAME) if has_manifest(root / CONFIG_NAME) else None
    shared = read_pyproject_table(root)
    if own is not None and shared is not None:
        import shlex  # only failures pay for it

        line = locate_key(shared[0], PYPROJECT_TABLE)
        quoted = shlex.quote(str(root / CONFIG_NAME))
        raise ConfigConflictError(
            f"{CONFIG_NAME} and [tool.pyve] ({PYPROJECT_NAME}:{line}) both configure this project.",
            hint=f"move everything into one of the two; without {CONFIG_NAME}: rm {quoted}",
        )
    if own is not None:
        return parse_project_config(own, file=root / CONFIG_NAME)
    if shared is not None:
        return parse_project_config(shared[0], file=root / PYPROJECT_NAME)
    return ProjectConfig()


def parse_project_config(text: str, *, file: Path) -> ProjectConfig:
    """The settings in the text of pyve.toml or, in its [tool.pyve], pyproject.toml. Raises ConfigInvalidError."""
    above: tuple[str, ...]
    if file.name == PYPROJECT_NAME:
        table, above, source = read_toml(text, file.name)["tool"]["pyve"], PYPROJECT_TABLE, PYPROJECT_SOURCE
    else:
        table, above, source = read_config_toml(text, file.name), (), CONFIG_NAME
    values = read_settings(table, PROJECT_SETTINGS, text=text, shown=file.name, above=above)
    tables: dict[str, dict[str, Any]] = {"": {}, "conda": {}, "lock": {}}
    for name, value in values.items():
        table, _, attribute = PROJECT_SETTINGS[name].field.rpartition(".")
        tables[table][attribute] = tuple(value) if isinstance(value, list) else value
    return ProjectConfig(
        **tables[""],
        conda=ProjectCondaSettings(**tables["conda"]),
        lock=ProjectLockSettings(**tables["lock"]),
        file=file,
        source=source,
        declared=frozenset(values),
    )


def read_pyproject_table(root: Path) -> tuple[str, object] | None:
    """The text of pyproject.toml and its [tool.pyve]; None when there is no such table."""
    path = root / PYPROJECT_NAME
    if not has_manifest(path):
        return None
    text = read_text(path)
    if "pyve" not in text:  # spares the parsing of most files
        return None
    tool = read_toml(text, PYPROJECT_NAME).get("tool")
    return (text, tool["pyve"]) if isinstance(tool, dict) and "pyve" in tool else None


def read_text(path: Path) -> str:
    """The text of a TOML file. Raises ManifestUnreadableError."""
    return decode_utf8(read_manifest_bytes(path), path)
