"""Channels by the texts that name them: resolved, in order, each once, and with the mirrors that the user has."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from pyve.errors.conda import ChannelInvalidError
from pyve.project.conda.channel import Channel, is_below
from pyve.project.conda.channel_text import ANACONDA_BASE, CONDA_BASE, ChannelText, read_channel_text
from pyve.project.conda.channel_url import ChannelUrl
from pyve.project.conda.mirrors import Mirror, find_mirror, read_mirrors
from pyve.project.conda.settings import UserCondaSettings

_DEFAULTS = "defaults"
_NO_DEFAULTS = "nodefaults"  # a marker in environment.yml, never a channel
_DEFAULT_PARTS = ("main", "r")
_CHANNEL_KEY = re.compile(r"""(?P<key>[\[,]\s*channel\s*=\s*)(?:"[^"]*"|'[^']*'|[^,\]"']+)""")
_PACKAGE_URL = re.compile(r"(?P<channel>.+)/[^/]+/[^/]+$")


@dataclass(frozen=True, kw_only=True)
class ResolvedChannels:
    """Channels in order of priority, and sentences that a person should read."""

    channels: tuple[Channel, ...]
    notes: tuple[str, ...] = ()


def resolve_channels(
    declared: Sequence[str],
    *,
    root: PurePath,
    settings: UserCondaSettings,
    environment: Mapping[str, str],
    default: Sequence[str],
    windows: bool | None = None,
) -> ResolvedChannels:
    """Resolve what environment.yml declares, or `default` where it declares none. Nothing is read or reached.

    Where both are empty, as for a lock, which knows its channels by itself, there are none.
    Relative paths are below `root`. `windows` says whose paths and variables they are, by default this machine's.
    Raises ChannelInvalidError, and ConfigInvalidError for a mirror that cannot be.
    """
    windows = os.name == "nt" if windows is None else windows
    mirrors = read_mirrors(settings, environment, windows=windows)
    names = [text for text in declared if text.strip() != _NO_DEFAULTS]
    names = names or [text for text in default if text.strip() != _NO_DEFAULTS]
    if default and not names:
        raise ChannelInvalidError(
            "No channel is declared, and `conda.channels` names none.",
            hint="pyve config set conda.channels conda-forge",
        )
    channels: dict[str, Channel] = {}
    notes: list[str] = []
    for text in names:
        for read in _read(text, root=root, environment=environment, windows=windows):
            channel = _channel(read.name, read.url, mirrors)
            channels.setdefault(channel.url, channel)
            if read.has_platforms:
                notes.append(f"Packages of the channel {channel.name} are taken for this machine's platform alone.")
    notes += _tell_terms(channels.values()) + _tell_alias(channels.values(), environment)
    return ResolvedChannels(channels=tuple(channels.values()), notes=tuple(dict.fromkeys(notes)))


def add_spec_channels(
    channels: Sequence[Channel],
    named: Iterable[str],
    *,
    root: PurePath,
    settings: UserCondaSettings,
    environment: Mapping[str, str],
    windows: bool | None = None,
) -> tuple[Channel, ...]:
    """`channels` and, behind them, those that specs name by `channel::package` and that are not among them."""
    every = {channel.url: channel for channel in channels}
    for text in named:
        for channel in resolve_spec_channel(
            text, root=root, settings=settings, environment=environment, windows=windows
        ):
            every.setdefault(channel.url, channel)
    return tuple(every.values())


def resolve_spec_channel(
    text: str,
    *,
    root: PurePath,
    settings: UserCondaSettings,
    environment: Mapping[str, str],
    windows: bool | None = None,
) -> tuple[Channel, ...]:
    """The channel that stands before `::` in a spec, as `resolve_channels` has it; `defaults` is more than one."""
    return resolve_channels(
        (text,), root=root, settings=settings, environment=environment, default=(), windows=windows
    ).channels


def rewrite_spec_channel(spec: str, channel: Channel) -> str:
    """`spec` with the channel that it names (`x::package`, `package[channel=x]`) by its name, or URL, for good.

    That is how variables and credentials in it stay out of what is hashed, recorded and handed to engines.
    """
    before, separator, rest = spec.partition("::")
    if separator and "[" not in before:
        return f"{channel.name}::{rest}"
    return _CHANNEL_KEY.sub(lambda found: f"{found['key']}'{channel.name}'", spec)


def add_package_channels(
    channels: Sequence[Channel],
    urls: Iterable[str],
    *,
    settings: UserCondaSettings,
    environment: Mapping[str, str],
    windows: bool | None = None,
) -> tuple[Channel, ...]:
    """`channels` and, behind them, those of the packages with these canonical `urls` that are in none of them.

    That is how what a lock or a list names gets its mirrors. The credentials in `channels` stay theirs.
    """
    windows = os.name == "nt" if windows is None else windows
    mirrors = read_mirrors(settings, environment, windows=windows)
    every = {channel.url: channel for channel in channels}
    for url in urls:
        found = _PACKAGE_URL.match(url)
        if found is None or any(is_below(url, base) for base in every):
            continue
        read = read_channel_text(found["channel"], root=PurePath(os.sep), environment={}, windows=windows)
        every.setdefault(read.url.url, _channel(read.name, read.url, mirrors))
    return tuple(every.values())


def _read(text: str, *, root: PurePath, environment: Mapping[str, str], windows: bool) -> Iterable[ChannelText]:
    if text.strip() != _DEFAULTS:
        return [read_channel_text(text, root=root, environment=environment, windows=windows)]
    parts = (*_DEFAULT_PARTS, "msys2") if windows else _DEFAULT_PARTS
    return [ChannelText(name=f"pkgs/{part}", url=ChannelUrl(url=f"{ANACONDA_BASE}/{part}")) for part in parts]


def _channel(name: str, url: ChannelUrl, mirrors: tuple[Mirror, ...]) -> Channel:
    mirror = find_mirror(url.url, mirrors)
    if mirror is None:
        secrets = () if url.secret is None else (url.secret,)
        return Channel(name=name, url=url.url, sources=(url.url,), secrets=secrets)
    # The credentials of the channel itself are not for its mirror.
    secrets = () if mirror.url.secret is None else (mirror.url.secret,)
    return Channel(name=name, url=url.url, sources=(mirror.source_of(url.url),), secrets=secrets)


def _tell_terms(channels: Iterable[Channel]) -> list[str]:
    if not any(is_below(source, ANACONDA_BASE) for channel in channels for source in channel.sources):
        return []
    terms = "its terms ask larger organisations for a paid licence"
    return [f"Channels of repo.anaconda.com (`defaults`) are Anaconda's: {terms}."]


def _tell_alias(channels: Iterable[Channel], environment: Mapping[str, str]) -> list[str]:
    """Another base for names is what mirrors are for; as a setting of conda's it would change what a name means."""
    if not environment.get("CONDA_CHANNEL_ALIAS") or all(CONDA_BASE not in channel.sources[0] for channel in channels):
        return []
    command = f'pyve config set --user conda.mirrors.{CONDA_BASE} "$CONDA_CHANNEL_ALIAS"'
    return [f"CONDA_CHANNEL_ALIAS is not read; to fetch from there: {command}"]
