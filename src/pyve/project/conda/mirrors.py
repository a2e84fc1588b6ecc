"""Mirrors that the user configured: what is fetched from instead of a channel's own URL."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from pyve.errors import ConfigInvalidError
from pyve.errors.conda import ChannelInvalidError
from pyve.project.conda.channel import is_below
from pyve.project.conda.channel_text import ANACONDA_BASE, read_channel_text
from pyve.project.conda.channel_url import ChannelUrl
from pyve.project.conda.settings import UserCondaSettings
from pyve.project.credentials import show_channel_text
from pyve.project.setting_values import parse_value
from pyve.project.settings import USER_SETTINGS

_SETTING = USER_SETTINGS["conda.mirrors"]


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """Whatever is below the URL `instead_of` is fetched from below `url`."""

    instead_of: str
    url: ChannelUrl = field(repr=False)

    def source_of(self, url: str) -> str:
        """Where `url`, which is below `instead_of`, is fetched from."""
        return self.url.url + url[len(self.instead_of) :]


def read_mirrors(settings: UserCondaSettings, environment: Mapping[str, str], *, windows: bool) -> tuple[Mirror, ...]:
    """The mirrors of PYVE_CONDA_MIRRORS, or else of config.toml, the longest beginning of a URL first.

    Raises ConfigInvalidError for one that cannot be.
    """
    rows, source = settings.mirrors, "`conda.mirrors` in config.toml"
    override = environment.get("PYVE_CONDA_MIRRORS", "").strip()
    if override:
        parsed, source = parse_value(_SETTING, override), "PYVE_CONDA_MIRRORS"
        if not isinstance(parsed, dict):
            raise ConfigInvalidError(
                f"{source} must be rows of name=URL with white space between them.",
                hint="export PYVE_CONDA_MIRRORS='conda-forge=https://mirror.example/conda-forge'",
            )
        rows = parsed
    mirrors = [_read_mirror(name, value, environment, source=source, windows=windows) for name, value in rows.items()]
    return tuple(sorted(mirrors, key=lambda mirror: len(mirror.instead_of), reverse=True))


def find_mirror(url: str, mirrors: tuple[Mirror, ...]) -> Mirror | None:
    """The mirror that counts for the canonical `url`: the one with the longest beginning."""
    return next((mirror for mirror in mirrors if is_below(url, mirror.instead_of)), None)


def _read_mirror(name: str, value: str, environment: Mapping[str, str], *, source: str, windows: bool) -> Mirror:
    nowhere = PurePath(os.sep)  # neither a name nor a value is a relative path

    def read(text: str) -> ChannelUrl:
        return read_channel_text(text, root=nowhere, environment=environment, windows=windows).url

    try:
        instead_of = ANACONDA_BASE if name == "defaults" else read(name).url
        return Mirror(instead_of=instead_of, url=read(value))
    except ChannelInvalidError as error:
        shown = show_channel_text(name)
        raise ConfigInvalidError(f"The mirror of `{shown}` ({source}): {error.message}", hint=error.hint) from None
