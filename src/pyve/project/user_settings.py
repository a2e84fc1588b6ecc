"""The user's own settings: config.toml in the user's configuration directory."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyve.project.conda.settings import UserCondaSettings
from pyve.project.manifest import has_manifest, read_manifest_bytes
from pyve.project.manifests.manifest_text import decode_utf8
from pyve.project.setting import Value
from pyve.project.settings import USER_SETTINGS
from pyve.project.settings_reading import read_config_toml, read_settings
from pyve.system.directories import config_directory

USER_FILE_NAME = "config.toml"


@dataclass(frozen=True, kw_only=True)
class UserSettings:
    """The user's settings, defaults filled in; `declared` are the dotted names that the file sets."""

    store_location: Path | None = None  # absolute; None: inside each project
    gc_days: int = 30
    prompt: bool = True
    auto_sync: tuple[Path, ...] = ()  # absolute
    conda: UserCondaSettings = field(default_factory=UserCondaSettings)
    file: Path | None = None
    declared: frozenset[str] = frozenset()

    def allow_auto_sync(self, root: Path) -> bool:
        """Whether the hook may bring the project at `root` up to date: it, and no directory above it, is named."""
        real = os.path.realpath(root)
        return any(os.path.realpath(directory) == real for directory in self.auto_sync)


def user_settings_file() -> Path:
    """Where the user's config.toml is, whether it exists or not."""
    return Path(config_directory()) / USER_FILE_NAME


def read_user_settings(file: Path) -> UserSettings:
    """Read config.toml; an absent file gives the defaults. Raises ConfigInvalidError and its kinds."""
    if not has_manifest(file):
        return UserSettings()
    return parse_user_settings(decode_utf8(read_manifest_bytes(file), file), file=file)


def parse_user_settings(text: str, *, file: Path) -> UserSettings:
    """The settings in the text of a config.toml. Raises ConfigInvalidError and its kinds."""
    shown = str(file)
    values = read_settings(read_config_toml(text, shown), USER_SETTINGS, text=text, shown=shown)
    location, days, projects = values.get("store.location"), values.get("gc.days"), values.get("auto-sync")
    return UserSettings(
        store_location=Path(location).expanduser() if isinstance(location, str) else None,
        gc_days=days if isinstance(days, int) else UserSettings.gc_days,
        prompt=values.get("prompt") is not False,
        auto_sync=tuple(Path(path).expanduser() for path in projects) if isinstance(projects, list) else (),
        conda=_read_conda(values),
        file=file,
        declared=frozenset(values),
    )


def _read_conda(values: Mapping[str, Value]) -> UserCondaSettings:
    fields: dict[str, Any] = {
        setting.field.rpartition(".")[2]: values[name]
        for name, setting in USER_SETTINGS.items()
        if name.startswith("conda.") and name in values
    }
    if "micromamba" in fields:
        fields["micromamba"] = Path(fields["micromamba"]).expanduser()
    return UserCondaSettings(**fields)
