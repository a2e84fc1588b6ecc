"""The credentials that belong to a URL, kept apart from it."""

import base64
import json
import re
from collections.abc import Callable
from typing import NoReturn
from urllib.parse import quote, quote_plus


class UrlSecret:
    """Credentials for everything below `base`, a URL without them.

    One of: user and password (either may be None), a `token` for the path, or a `bearer` token. `token_base` is where
    `/t/TOKEN` is put in: `base` or a beginning of it. The object shows nothing of what it holds and cannot be pickled
    or dumped as JSON: whoever needs the values asks for each by its name.
    """

    __slots__ = ("base", "bearer", "password", "token", "token_base", "user")

    def __init__(
        self,
        *,
        base: str,
        user: str | None = None,
        password: str | None = None,
        token: str | None = None,
        token_base: str | None = None,
        bearer: str | None = None,
    ) -> None:
        self.base = base
        self.user = user
        self.password = password
        self.token = token
        self.token_base = base if token_base is None else token_base
        self.bearer = bearer

    @property
    def authorization(self) -> str | None:
        """The value of the header Authorization (RFC 7617, RFC 6750); None where there is none to send."""
        if self.bearer is not None:
            return f"Bearer {self.bearer}"
        if self.user is None and self.password is None:
            return None
        pair = f"{self.user or ''}:{self.password or ''}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"

    def put_token_in(self, url: str) -> str:
        """`url`, which is below `token_base`, with the token in its path; as it is where there is no token."""
        if self.token is None:
            return url
        return f"{self.token_base}/t/{quote(self.token, safe='')}{url[len(self.token_base) :]}"

    def list_hidden(self) -> tuple[str, ...]:
        """Every text that gives it away: the values, how they are escaped in URLs and in JSON, and the header."""
        # A user name alone may be a token (https://TOKEN@host); beside a password it is none.
        values = {self.password, self.token, self.bearer, None if self.password else self.user}
        spelt = {form(value) for value in values if value for form in _SPELLINGS}
        header = (self.authorization or "").partition(" ")[2]
        return tuple(sorted((spelt | {header}) - {""}))

    def __repr__(self) -> str:
        return f"UrlSecret({self.base}, ****)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("credentials are not pickled")

    def __deepcopy__(self, memo: object) -> "UrlSecret":
        return self  # nothing in it ever changes


def _quote_all(value: str) -> str:
    return quote(value, safe="")


def _quote_in_small_letters(value: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), _quote_all(value))


def _escape_for_json(value: str) -> str:
    return json.dumps(value)[1:-1]


def _escape_for_json_but_keep_letters(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


_SPELLINGS: tuple[Callable[[str], str], ...] = (
    *(str, quote, quote_plus, _quote_all, _quote_in_small_letters),
    *(_escape_for_json, _escape_for_json_but_keep_letters),
)
