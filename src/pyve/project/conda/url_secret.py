"""The credentials that stood in a URL, kept apart from it."""

from typing import NoReturn


class UrlSecret:
    """Credentials for everything below `base`, a URL without them: user and password, or a token for the path.

    `token_base` is where `/t/TOKEN` is put in: `base` or a beginning of it. The object shows nothing of what it holds
    and cannot be pickled or dumped as JSON: whoever needs the values asks for each by its name.
    """

    __slots__ = ("base", "password", "token", "token_base", "user")

    def __init__(
        self,
        *,
        base: str,
        user: str | None = None,
        password: str | None = None,
        token: str | None = None,
        token_base: str | None = None,
    ) -> None:
        self.base = base
        self.user = user
        self.password = password
        self.token = token
        self.token_base = base if token_base is None else token_base

    def __repr__(self) -> str:
        return f"UrlSecret({self.base}, ****)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("credentials are not pickled")

    def __deepcopy__(self, memo: object) -> "UrlSecret":
        return self  # nothing in it ever changes
