"""Passwords from the command `keyring`, as pip and uv ask it (`--keyring-provider subprocess`)."""

import os
from collections.abc import Mapping

from pyve.engines.conda.credentials.server_place import ServerPlace
from pyve.project.conda.url_secret import UrlSecret
from pyve.system.process import run_captured
from pyve.system.programs import find_program

_TIMEOUT_SECONDS = 120  # a person may have to unlock it


class KeyringUnusableError(Exception):
    """The command is not there, or does not end."""


def ask_keyring(place: ServerPlace, user: str | None, *, environment: Mapping[str, str]) -> UrlSecret | None:
    """Ask for the password of `user`, or, without one, for any credentials of the place; first its URL, then its host.

    Raises KeyringUnusableError.
    """
    program = find_program("keyring", environment)
    if program is None:
        raise KeyringUnusableError("there is no command `keyring` on PATH")
    for service in dict.fromkeys((place.base, *place.names)):
        if user is None:
            lines = _ask([os.fspath(program), "--mode", "creds", "get", service], environment)
            if len(lines) == 2 and all(lines):
                return UrlSecret(base=place.base, user=lines[0], password=lines[1])
        elif not user.startswith("-"):  # no option of the command
            lines = _ask([os.fspath(program), "get", service, user], environment)
            if len(lines) == 1 and lines[0]:
                return UrlSecret(base=place.base, user=user, password=lines[0])
    return None


def _ask(command: list[str], environment: Mapping[str, str]) -> list[str]:
    try:
        finished = run_captured(command, environment=environment, timeout_seconds=_TIMEOUT_SECONDS)
    except TimeoutError:
        raise KeyringUnusableError(f"it did not answer within {_TIMEOUT_SECONDS} seconds") from None
    except OSError as error:
        raise KeyringUnusableError(error.strerror or type(error).__name__) from None
    return finished.stdout.splitlines() if finished.exit_status == 0 else []
