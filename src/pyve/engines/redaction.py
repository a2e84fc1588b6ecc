"""Take credentials out of whatever is shown, logged or recorded."""

import re
from collections.abc import Callable, Iterable, Mapping

from pyve.project.credentials import CHANNEL_TOKEN, QUERY_SECRET, USER_INFORMATION

HIDDEN = "****"

_AUTHORIZATION = re.compile(r"(?P<name>\b(?:proxy-)?authorization:\s*(?:basic|bearer|token)\s+)\S+", re.IGNORECASE)
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:TOKEN|PASSWORD|PASSWD|PASS|PASSPHRASE|PWD|SECRET|KEY|APIKEY|CREDENTIALS?)(?:$|_)", re.IGNORECASE
)
_LOCATION_NAME = re.compile(r"(?:^PWD$|^OLDPWD$|_(?:FILE|PATH|DIR|SOCK|HOME|ID|URL)$)", re.IGNORECASE)
_SHORTEST_SECRET = 6  # anything shorter would blot out ordinary words

Redact = Callable[[str], str]


def redact(text: str, *, secrets: Iterable[str] = ()) -> str:
    """Return `text` without the user information and tokens (`?token=`, `/t/TOKEN/`) of URLs, and any of `secrets`."""
    text = USER_INFORMATION.sub(_hide_user, text)
    text = QUERY_SECRET.sub(rf"\g<name>{HIDDEN}", text)
    text = CHANNEL_TOKEN.sub(rf"\g<before>/t/{HIDDEN}", text)
    text = _AUTHORIZATION.sub(rf"\g<name>{HIDDEN}", text)
    for secret in sorted(set(secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def find_secrets(environment: Mapping[str, str], urls: Iterable[str] = ()) -> tuple[str, ...]:
    """The values worth hiding wherever they turn up: of variables whose names say so, and the passwords in `urls`."""
    from urllib.parse import unquote

    found = {
        value
        for name, value in environment.items()
        if _SECRET_NAME.search(name) and not _LOCATION_NAME.search(name) and len(value) >= _SHORTEST_SECRET
    }
    for text in (*urls, *environment.values()):
        for match in USER_INFORMATION.finditer(text):
            password = match["user"].partition(":")[2]
            found |= {one for one in (password, unquote(password)) if len(one) >= _SHORTEST_SECRET}
    return tuple(sorted(found - {HIDDEN}))


def redactor(environment: Mapping[str, str], urls: Iterable[str] = ()) -> Redact:
    """A `redact` that knows the secrets of this environment and of these URLs."""
    secrets = find_secrets(environment, urls)
    return lambda text: redact(text, secrets=secrets)


def _hide_user(match: "re.Match[str]") -> str:
    # A lone user name stays where it is no secret (git@ over ssh), and goes where it may be a token (https://TOKEN@).
    is_plain_ssh = "ssh" in match["scheme"] and ":" not in match["user"]
    return match[0] if is_plain_ssh else f"{match['scheme']}{HIDDEN}@"
