"""What users and projects configure for conda environments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class ProjectCondaSettings:
    """[conda] of pyve.toml. None: not set.

    `engine` is `rattler` or `micromamba`; `channels` are those of an environment.yml that names none; `links` is
    `auto` or `copy`; `compile` makes .pyc files at build; `link_scripts` lets packages' post-link scripts run.
    """

    engine: str | None = None
    channels: tuple[str, ...] = ("conda-forge",)
    channel_priority: str = "strict"  # or "disabled"
    links: str | None = None
    link_scripts: bool = False
    compile: bool = False


@dataclass(frozen=True, kw_only=True)
class UserCondaSettings:
    """[conda] of config.toml. `micromamba` is the absolute path of the executable.

    `mirrors` maps a channel's name or the beginning of its URL to what is fetched from instead. `keyring` says that the
    command of that name may be asked for passwords. `download_url` is the base from which `self bootstrap` fetches
    programs.
    """

    engine: str | None = None
    micromamba: Path | None = None
    mirrors: Mapping[str, str] = field(default_factory=dict, repr=False)  # a mirror's URL may hold a password
    links: str | None = None
    keyring: bool = False
    download_url: str | None = None
