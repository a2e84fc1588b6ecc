"""The user's own settings: config.toml in the user's configuration directory."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class UserSettings:
    """The user's settings, defaults filled in."""

    store_location: Path | None = None  # absolute; None: inside each project
    gc_days: int = 30
    file: Path | None = None
    declared: frozenset[str] = frozenset()


def user_settings_file() -> Path:
    """Where the user's config.toml is, whether it exists or not."""
    raise NotImplementedError


def read_user_settings(file: Path) -> UserSettings:
    """Read config.toml; an absent file gives the defaults. Raises ConfigInvalidError and its kinds."""
    raise NotImplementedError
