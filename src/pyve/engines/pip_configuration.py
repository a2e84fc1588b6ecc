"""What pip would be told by its configuration files and PIP_* variables, for an installer that does not read them.

Files, sections and their order as in pip's documentation ("Configuration"): site-wide, the user's, the environment's,
PIP_CONFIG_FILE, later ones win; `[install]` wins over `[global]` wherever it stands; a PIP_* variable wins over both.
"""

import configparser
import locale
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyve.errors import ConfigInvalidError
from pyve.project.requirement import IndexOptions
from pyve.system.directories import home_directory

_BASE_NAME = "pip.ini" if sys.platform == "win32" else "pip.conf"
_TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})
_ALIASES = {"default-timeout": "timeout", "pypi-url": "index-url", "i": "index-url"}


@dataclass(frozen=True, kw_only=True)
class PipConfiguration:
    """pip's settings that decide where packages come from and how they are fetched; None or empty: not set."""

    options: IndexOptions = field(default_factory=IndexOptions)
    certificate: str | None = None
    client_certificate: str | None = None
    proxy: str | None = None
    timeout_seconds: str | None = None
    keyring_provider: str | None = None


@dataclass(frozen=True, kw_only=True)
class ConfigurationPlaces:
    """Where pip looks, lowest precedence first; absent files are no error."""

    site_wide: tuple[Path, ...] = ()
    user: tuple[Path, ...] = ()
    environment: tuple[Path, ...] = ()


def find_configuration_places(environment: Mapping[str, str], prefix: Path) -> ConfigurationPlaces:
    """Where pip, installing into `prefix`, looks for its files on this machine."""
    home = Path(home_directory(environment))
    return ConfigurationPlaces(
        site_wide=tuple(folder / _BASE_NAME for folder in _site_wide_folders(environment)),
        user=(
            home / ("pip" if sys.platform == "win32" else ".pip") / _BASE_NAME,
            _user_folder(environment, home) / _BASE_NAME,
        ),
        environment=(prefix / _BASE_NAME,),
    )


def read_pip_configuration(environment: Mapping[str, str], places: ConfigurationPlaces) -> PipConfiguration:
    """Read the files and variables. A file that pip could not read either is a ConfigInvalidError that names it."""
    explicit = environment.get("PIP_CONFIG_FILE")
    files: tuple[Path, ...] = ()
    if explicit != os.devnull:
        has_explicit = bool(explicit) and Path(explicit or "").exists()
        files = (
            *places.site_wide,
            *(() if has_explicit else places.user),  # as pip does: the explicit file stands for the user's
            *places.environment,
            *((Path(explicit or ""),) if has_explicit else ()),
        )
    sections: dict[str, dict[str, str]] = {"global": {}, "install": {}}
    for path in files:
        for section, values in _read_file(path).items():
            if section in sections:
                sections[section] |= values
    variables = {_key(name[4:]): value for name, value in environment.items() if name.startswith("PIP_")}
    layers = (sections["global"], sections["install"], variables)
    return _interpret({key: value for layer in layers for key, value in layer.items() if value})


def combine_options(declared: IndexOptions, configured: IndexOptions) -> IndexOptions:
    """The options in force: a declared `-i` replaces every configured index, the extra ones too; the rest adds up.

    That is how pip lays a requirements file over its configuration.
    """
    replaced = declared.index_url is not None
    return IndexOptions(
        index_url=declared.index_url if replaced else configured.index_url,
        extra_index_urls=(*(() if replaced else configured.extra_index_urls), *declared.extra_index_urls),
        find_links=_once((*configured.find_links, *declared.find_links)),
        no_index=declared.no_index or configured.no_index,
        trusted_hosts=_once((*configured.trusted_hosts, *declared.trusted_hosts)),
        pre=declared.pre or configured.pre,
        prefer_binary=declared.prefer_binary or configured.prefer_binary,
        require_hashes=declared.require_hashes or configured.require_hashes,
        only_binary=(*configured.only_binary, *declared.only_binary),
        no_binary=(*configured.no_binary, *declared.no_binary),
    )


def _interpret(values: Mapping[str, str]) -> PipConfiguration:
    return PipConfiguration(
        options=IndexOptions(
            index_url=values.get("index-url"),
            extra_index_urls=tuple(values.get("extra-index-url", "").split()),
            find_links=tuple(values.get("find-links", "").split()),
            no_index=_is_true(values, "no-index"),
            trusted_hosts=tuple(values.get("trusted-host", "").split()),
            pre=_is_true(values, "pre"),
            prefer_binary=_is_true(values, "prefer-binary"),
            require_hashes=_is_true(values, "require-hashes"),
            only_binary=tuple(values.get("only-binary", "").split()),
            no_binary=tuple(values.get("no-binary", "").split()),
        ),
        certificate=values.get("cert"),
        client_certificate=values.get("client-cert"),
        proxy=values.get("proxy"),
        timeout_seconds=values.get("timeout"),
        keyring_provider=values.get("keyring-provider"),
    )


def _read_file(path: Path) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser()
    try:
        text = path.read_text(encoding=locale.getpreferredencoding(do_setlocale=False))
        parser.read_string(text, source=str(path))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return {}
    except UnicodeDecodeError as error:
        raise ConfigInvalidError(
            f"pip's configuration {path} is not text: {error}.", hint="pip config debug"
        ) from error
    except configparser.Error as error:
        reason = " ".join(str(error).split())
        raise ConfigInvalidError(f"pip's configuration cannot be read: {reason}.", hint="pip config debug") from error
    except PermissionError:
        return {}  # RawConfigParser.read, which pip uses, passes over what it may not open
    return {section: {_key(name): value for name, value in parser.items(section)} for section in parser.sections()}


def _key(name: str) -> str:
    key = name.lower().replace("_", "-").removeprefix("--")
    return _ALIASES.get(key, key)


def _is_true(values: Mapping[str, str], key: str) -> bool:
    return values.get(key, "").strip().lower() in _TRUE


def _once(items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _user_folder(environment: Mapping[str, str], home: Path) -> Path:
    if sys.platform == "win32":
        return Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "pip"
    if sys.platform == "darwin":
        application_support = home / "Library" / "Application Support" / "pip"
        return application_support if application_support.is_dir() else home / ".config" / "pip"
    return Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "pip"


def _site_wide_folders(environment: Mapping[str, str]) -> tuple[Path, ...]:
    if sys.platform == "win32":
        return (Path(environment.get("PROGRAMDATA") or "C:\\ProgramData") / "pip",)
    if sys.platform == "darwin":
        return (Path("/Library/Application Support/pip"),)
    folders = (environment.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep)
    return (*(Path(folder) / "pip" for folder in folders), Path("/etc"))
