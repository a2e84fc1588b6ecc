"""How micromamba gets at credentials: by a private file in its sealed home, never on a command line.

A command line is written into conda-meta/history, and credentials in URLs into conda-meta and the package cache. The
file is `.mamba/auth/authentication.json`, keyed by `host[:port]/path`, and goes with the work.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pyve.engines.conda.credentials.credentials import read_credentials
from pyve.engines.conda.micromamba.session import MicromambaSession
from pyve.project.conda.channel import Channel
from pyve.system.directories import home_directory
from pyve.system.files import make_private_directory, write_atomically


def sign_in(session: MicromambaSession, channels: Sequence[Channel]) -> None:
    """Let micromamba have the credentials of these channels, and take them out of all it says."""
    environment = session.surroundings.environment
    found = read_credentials(channels, environment=environment, home=Path(home_directory(environment)))
    session.keep_quiet_about(found.redact)
    document = sign_in_document(found.reveal_headers(), found.reveal_tokens())
    if document:
        folder = session.sealed.home / ".mamba" / "auth"
        make_private_directory(folder)
        write_atomically(folder / "authentication.json", json.dumps(document).encode())


def sign_in_document(headers: Mapping[str, Mapping[str, str]], tokens: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What stands in the file: for `host[:port]/path` its headers, for the URL of a source the same with its token."""
    document: dict[str, dict[str, str]] = {}
    for place, carried in headers.items():
        kind, _, word = carried.get("Authorization", "").partition(" ")
        if kind == "Bearer":
            document[place] = {"type": "BearerToken", "token": word}
        elif kind == "Basic":
            user, _, password = _decode(word).partition(":")
            hidden = base64.b64encode(password.encode()).decode()
            document[place] = {"type": "BasicHTTPAuthentication", "user": user, "password": hidden}
    for source, with_token in tokens.items():
        token = with_token.partition("/t/")[2].partition("/")[0]
        document[source.partition("://")[2]] = {"type": "CondaToken", "token": token}
    return document


def _decode(word: str) -> str:
    try:
        return base64.b64decode(word).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
