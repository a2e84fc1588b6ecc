"""Files in which users keep credentials for servers: netrc, and those of rattler, pixi and mamba. They are only read.

netrc as curl and pip read it, without its `default` entry, which would send a password to every channel there is.
rattler's file maps hosts (`host`, `*.host`) to `{"BearerToken": ...}`, `{"CondaToken": ...}` or `{"BasicHTTP":
{"username": ..., "password": ...}}`; mamba's maps `host[:port][/path]` to an object with a `type`.
"""

import base64
import binascii
import json
import netrc
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyve.engines.conda.credentials.server_place import ServerPlace
from pyve.project.conda.url_secret import UrlSecret
from pyve.system.files import open_plain_file

_MOST_BYTES = 4 << 20
_BASIC = ("BasicHTTP", "BasicHttp")  # rattler's own spelling, and that of its older documentation


@dataclass(frozen=True, kw_only=True)
class CredentialFile:
    """One file: what it is to people, and how it is searched. Its content is read when it is first asked."""

    path: Path
    shown: str
    search: Callable[[Path, ServerPlace, str | None], UrlSecret | None]
    expected: bool = False  # named by a variable: its absence is worth a word


class FileUnusableError(Exception):
    """A file with credentials cannot be read or understood; the text never quotes from it."""


def list_credential_files(environment: Mapping[str, str], home: Path) -> tuple[CredentialFile, ...]:
    """The files that may hold credentials, the strongest first."""
    named_store, named_netrc = environment.get("RATTLER_AUTH_FILE"), environment.get("NETRC")
    files = []
    if named_store:
        files.append(
            CredentialFile(
                path=_expand(named_store, home), shown="RATTLER_AUTH_FILE", search=search_rattler_file, expected=True
            )
        )
    default_store, mamba_store = (
        home / ".rattler" / "credentials.json",
        home / ".mamba" / "auth" / "authentication.json",
    )
    files.append(CredentialFile(path=default_store, shown=str(default_store), search=search_rattler_file))
    files.append(CredentialFile(path=mamba_store, shown=str(mamba_store), search=search_mamba_file))
    if named_netrc:
        path = _expand(named_netrc, home)
        return (*files, CredentialFile(path=path, shown="NETRC", search=search_netrc, expected=True))
    own = next((path for path in (home / ".netrc", home / "_netrc") if path.exists()), home / ".netrc")
    return (*files, CredentialFile(path=own, shown=str(own), search=search_netrc))


def search_netrc(path: Path, place: ServerPlace, user: str | None) -> UrlSecret | None:
    """The entry `machine host:port`, else `machine host`; with `user`, only if it is that user's."""
    _read(path)  # says why where it cannot be read; what netrc itself says may quote a password
    try:
        entries = netrc.netrc(os.fspath(path)).hosts
    except netrc.NetrcParseError as error:
        raise FileUnusableError(f"line {error.lineno} is not in netrc's format") from None
    except (OSError, UnicodeDecodeError):
        raise FileUnusableError("it cannot be read as text") from None
    for name in place.names:
        login, _, password = entries.get(name, ("", "", ""))
        if password and user in (None, login):
            return UrlSecret(base=place.base, user=login or "", password=password)
    return None


def search_rattler_file(path: Path, place: ServerPlace, user: str | None) -> UrlSecret | None:
    """The entry of the host, else of the nearest `*.domain`."""
    document = _read_json(path)
    wildcards = [f"*.{'.'.join(place.host.split('.')[count:])}" for count in range(len(place.host.split(".")))]
    for name in (*place.longer_names, *place.names, *wildcards):
        entry = document.get(name)
        if not isinstance(entry, dict):
            continue
        basic = entry.get(_BASIC[0], entry.get(_BASIC[1]))
        if isinstance(basic, dict):
            return _basic(place, basic.get("username"), basic.get("password"), user)
        return _token(place, bearer=entry.get("BearerToken"), token=entry.get("CondaToken"))
    return None


def search_mamba_file(path: Path, place: ServerPlace, user: str | None) -> UrlSecret | None:
    """The entry of the longest path on the host, else of the host."""
    document = _read_json(path)
    for name in (*place.longer_names, *place.names):
        entry = document.get(name)
        if not isinstance(entry, dict):
            continue
        if entry.get("type") == "BasicHTTPAuthentication":
            return _basic(place, entry.get("user"), _decode(entry.get("password")), user)
        token = entry.get("token")
        is_bearer = entry.get("type") == "BearerToken"
        return _token(place, bearer=token if is_bearer else None, token=None if is_bearer else token)
    return None


def is_open_to_others(path: Path) -> bool:
    """Whether other users may read the file; never on Windows, where modes do not say."""
    try:
        return os.name != "nt" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except OSError:
        return False


def _basic(place: ServerPlace, name: object, password: object, user: str | None) -> UrlSecret | None:
    if not isinstance(name, str) or not isinstance(password, str) or user not in (None, name):
        return None
    return UrlSecret(base=place.base, user=name, password=password)


def _token(place: ServerPlace, *, bearer: object, token: object) -> UrlSecret | None:
    if isinstance(bearer, str) and bearer and bearer.isascii() and bearer.isprintable() and " " not in bearer:
        return UrlSecret(base=place.base, bearer=bearer)
    if isinstance(token, str) and token and token.isprintable():
        return UrlSecret(base=place.base, token=token, token_base=place.root)
    return None


def _decode(password: object) -> str | None:
    try:
        return base64.b64decode(password, validate=True).decode() if isinstance(password, str) else None
    except (binascii.Error, UnicodeDecodeError):
        return None


def _read(path: Path) -> bytes:
    try:
        with open_plain_file(path) as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise FileUnusableError(error.strerror or type(error).__name__) from None
    if len(content) > _MOST_BYTES:
        raise FileUnusableError(f"it holds more than {_MOST_BYTES >> 20} MiB")
    return content


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(_read(path))
    except (ValueError, RecursionError):
        raise FileUnusableError("it is not JSON") from None
    if not isinstance(document, dict):
        raise FileUnusableError("it holds no table of hosts")
    return document


def _expand(text: str, home: Path) -> Path:
    return home / text[2:] if text.startswith(("~/", "~\\")) else Path(text)
