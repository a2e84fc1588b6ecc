"""What may stand for the value of an option or argument, found by its type, its place or its metavar."""

from dataclasses import dataclass
from typing import Any, Literal

from pyve.activation.completion.files import COMPLETION_FILES
from pyve.project.settings import PROJECT_SETTINGS, USER_SETTINGS

# "names" are those that only the project knows: pyve is asked for them at the time (verbs/completion_values.py).
Kind = Literal["free", "choice", "directory", "file", "command", "names"]


@dataclass(frozen=True, kw_only=True)
class Value:
    """`label` is the metavar in small letters; `choices` are the fixed values, `asked` what pyve is asked for."""

    kind: Kind
    label: str
    choices: tuple[str, ...] = ()
    asked: str = ""


_BACKENDS = PROJECT_SETTINGS["backend"].choices
_ASKED = {"extra": "extras", "group": "groups", "keep": "environments"}
_SHELL_METAVARS = {"SHELL", "PROGRAM"}
_BY_METAVAR: dict[str, Kind] = {"DIR": "directory", "FILE": "file", "COMMAND": "command"}


def value_of(item: Any, words: tuple[str, ...]) -> Value:
    """The value of a parameter as Typer knows it, of the verb `words`; "free" where nothing is known to offer."""
    metavar = _bare(item.metavar or item.name.upper())
    label = metavar.lower()
    choices = tuple(str(choice) for choice in getattr(item.type, "choices", ()))
    if choices:
        return Value(kind="choice", label=label, choices=choices)
    if item.name == "backend":
        return Value(kind="choice", label=label, choices=_BACKENDS)
    if metavar in _SHELL_METAVARS:
        return Value(kind="choice", label=label, choices=tuple(COMPLETION_FILES))
    if words[:1] == ("config",) and item.name == "key":
        return Value(kind="choice", label=label, choices=tuple(sorted({*PROJECT_SETTINGS, *USER_SETTINGS})))
    if item.param_type_name == "option" and item.name in _ASKED:
        return Value(kind="names", label=label, asked=_ASKED[item.name])
    return Value(kind=_BY_METAVAR.get(metavar, "free"), label=label)


def _bare(metavar: str) -> str:
    """The first word of a metavar without what says that it is optional or repeated: `[DIR]...` is DIR."""
    return metavar.strip("[].").split("...")[0].split()[0].strip("[].")
