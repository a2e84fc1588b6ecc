"""What one setting is: its name, its kind, its default and its meaning."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

Value = str | bool | int | list[str] | Mapping[str, str]


class Kind(Enum):
    """What a setting's value is, in the words of a message."""

    TEXT = "a text of at most 64 letters, without dollar sign, backtick and backslash"
    CHOICE = "one of the given texts"
    PYTHON = "a Python version or range, as a text"
    PATH = "an absolute path, as a text (~ is the home directory)"
    PATHS = "a list of absolute paths (~ is the home directory)"
    FILE = "a path inside the project, relative to its root, as a text"
    FLAG = "true or false"
    COUNT = "a whole number, 0 or more"
    NAMES = "a list of names"
    CHANNELS = "a list of one or more channels: names, URLs or paths, as texts"
    URL = "a URL that begins with https:// or http://, as a text"
    MIRRORS = "a table of texts: a channel's name or the beginning of a URL = what is fetched from instead"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting. None as default: not set.

    `name` is the dotted TOML key; `field` the attribute that holds the value, dotted where it is one of an attribute.
    """

    name: str
    field: str
    kind: Kind
    default: Value | None
    description: str
    example: str
    choices: tuple[str, ...] = ()
    variable: str | None = None  # the environment variable that overrides it

    @property
    def expected(self) -> str:
        """What the value must be, in words."""
        return " or ".join(f'"{choice}"' for choice in self.choices) or self.kind.value
