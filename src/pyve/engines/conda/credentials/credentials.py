"""Which credentials are sent where: found for the channels of one request, kept in memory, shown nowhere."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from pyve.engines.conda.credentials.files import (
    CredentialFile,
    FileUnusableError,
    is_open_to_others,
    list_credential_files,
)
from pyve.engines.conda.credentials.keyring import KeyringUnusableError, ask_keyring
from pyve.engines.conda.credentials.server_place import ServerPlace, place_of, server_of
from pyve.engines.redaction import redact
from pyve.project.conda.channel import Channel, is_below
from pyve.project.conda.url_secret import UrlSecret

_PORTS = {"https": 443, "http": 80}
_SHORTEST_SECRET = 4  # anything shorter would blot out ordinary words


class Credentials:
    """What requests to the sources of these channels carry, and sentences that a person should read.

    Only ever the header Authorization, which HTTP libraries leave out when a server redirects to another one (rattler's
    does, for another port too; a header of any other name it would carry along), or a token in the path.
    """

    def __init__(self, channels: Sequence[Channel], notes: Sequence[str] = ()) -> None:
        self.channels = tuple(channels)
        self.notes = tuple(notes)
        secrets = [(source, _secret_for(source, channel)) for channel in channels for source in channel.sources]
        self._secrets = {source: secret for source, secret in secrets if secret is not None}
        self._hidden = tuple(sorted({text for one in _all_secrets(channels) for text in one.list_hidden()}, key=len))

    def headers_for(self, url: str) -> Mapping[str, str]:
        """The headers for a request to `url`: those of the source with the longest base that it lies below."""
        source = max((source for source in self._secrets if is_below(url, source)), key=len, default=None)
        authorization = None if source is None else self._secrets[source].authorization
        return {} if authorization is None else {"Authorization": authorization}

    def reveal_headers(self) -> dict[str, dict[str, str]]:
        """`host:port/path` of each source -> its headers, for the process that makes the requests.

        The port always stands there. A source with a token in its path is there in both forms.
        """
        return {_with_port(base): headers for base, headers in self._carried()}

    def reveal_headers_beside(self, urls: Iterable[str]) -> dict[str, dict[str, str]]:
        """Those headers, and those (mostly none) of every other place that is asked: the sources, and `urls`.

        For a client that is told the host and path of a request, and not its port: it must know who else is there.
        """
        if not self._secrets:
            return {}
        sources = [source for channel in self.channels for source in channel.sources if "://" in source]
        apart = [url for url in urls if not any(is_below(url, source) for source in sources) or _has_dots(url)]
        return {
            **{server_of(url): {} for url in [*apart, *filter(_has_dots, sources)]},
            **{f"{server_of(source)}{urlsplit(source).path}": dict(self.headers_for(source)) for source in sources},
            **{f"{server_of(base)}{urlsplit(base).path}": headers for base, headers in self._carried()},
        }

    def reveal_tokens(self) -> dict[str, str]:
        """Each source with a token -> the same with the token in its path, for the process that makes the requests.

        The latter are never to be stored.
        """
        return {source: one.put_token_in(source) for source, one in self._secrets.items() if one.token is not None}

    def redact(self, text: str) -> str:
        """`text` without any of them, however they are spelt in it."""
        return redact(text, secrets=[secret for secret in self._hidden if len(secret) >= _SHORTEST_SECRET])

    def _carried(self) -> Iterator[tuple[str, dict[str, str]]]:
        for source, secret in self._secrets.items():
            for base in (source, secret.put_token_in(source)):
                if secret.authorization is not None:
                    yield base, {"Authorization": secret.authorization}

    def __repr__(self) -> str:
        return f"Credentials(for {len(self._secrets)} sources)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("credentials are not pickled")


def read_credentials(
    channels: Sequence[Channel], *, environment: Mapping[str, str], home: Path, keyring: bool = False
) -> Credentials:
    """Find what the servers of these channels want, each asked for by its name; nothing else is read out of any file.

    What stands in the URL wins, then RATTLER_AUTH_FILE, the files of rattler and mamba, netrc, and with `keyring` the
    command of that name. The `channels` of the result have what was found among their secrets.
    """
    search = _Search(list_credential_files(environment, home), environment=environment, keyring=keyring)
    return Credentials([search.complete(channel) for channel in channels], notes=search.notes)


class _Search:
    """One search: each file that cannot be used is told of once, each place asked for once."""

    def __init__(self, files: Sequence[CredentialFile], *, environment: Mapping[str, str], keyring: bool) -> None:
        self.notes: list[str] = []
        self._files = [file for file in files if file.expected or file.path.exists()]
        self._environment = environment
        self._keyring = keyring

    def complete(self, channel: Channel) -> Channel:
        """The channel with a secret for each of its sources, where one is to be had."""
        found = list(channel.secrets)
        for source in channel.sources:
            place, declared = place_of(source), _secret_for(source, channel)
            if place is None:
                continue
            if declared is None or _lacks_password(declared):
                better = self._find(place, declared.user if declared else None)
                found = [better, *found] if better else found
                declared = better or declared
            if declared is not None and place.root.startswith("http://") and not place.is_local:
                self._note(f"Credentials for {place.host} are sent unencrypted: its URL begins with http://.")
        return replace(channel, secrets=tuple(found))

    def _find(self, place: ServerPlace, user: str | None) -> UrlSecret | None:
        for file in self._files:
            found = self._try(partial(file.search, file.path, place, user), file.shown)
            if found is not None:
                if is_open_to_others(file.path):
                    self._note(f"Other users can read {file.path}, which holds credentials: chmod 600 {file.path}")
                return found
        if self._keyring:
            return self._try(partial(ask_keyring, place, user, environment=self._environment), "the keyring")
        return None

    def _try(self, search: Callable[[], UrlSecret | None], shown: str) -> UrlSecret | None:
        try:
            return search()
        except (FileUnusableError, KeyringUnusableError) as error:
            self._note(f"No credentials come from {shown}: {error}.")
            return None

    def _note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)


def _secret_for(source: str, channel: Channel) -> UrlSecret | None:
    """The secret with the longest base that the source lies below; of several, the first."""
    return max(
        (one for one in channel.secrets if is_below(source, one.base)), key=lambda one: len(one.base), default=None
    )


def _has_dots(url: str) -> bool:
    """Whether clients of HTTP ask for another path than stands there."""
    return any(unquote(part) in {".", ".."} for part in urlsplit(url).path.split("/"))


def _with_port(url: str) -> str:
    parts = urlsplit(url)
    port = "" if parts.port else f":{_PORTS.get(parts.scheme, 443)}"
    return f"{parts.netloc}{port}{parts.path}"


def _lacks_password(secret: UrlSecret) -> bool:
    return secret.user is not None and secret.password is None and secret.token is None


def _all_secrets(channels: Iterable[Channel]) -> Iterable[UrlSecret]:
    return (secret for channel in channels for secret in channel.secrets)
