"""The command tree as completions need it: names, first lines of help, and what each value may be."""

import re
from dataclasses import dataclass
from typing import Any

from pyve.cli.command_line import FLAG_VERBS
from pyve.cli.completion.values import Value, value_of

_NAME = re.compile(r"-{0,2}[A-Za-z0-9][A-Za-z0-9-]*")


@dataclass(frozen=True, kw_only=True)
class Option:
    """An option by all its spellings, the long one first; `excludes` are options that it makes pointless."""

    spellings: tuple[str, ...]
    help: str
    value: Value | None = None
    repeatable: bool = False
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Operand:
    """An argument that is told by its place; `many`: it stands for all that follow as well."""

    value: Value
    help: str
    many: bool


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A verb by the words that name it (`self install`), with the verbs below it."""

    words: tuple[str, ...]
    help: str
    options: tuple[Option, ...]
    operands: tuple[Operand, ...]
    verbs: tuple["Verb", ...]

    @property
    def name(self) -> str:
        """The words as one text."""
        return " ".join(self.words)

    @property
    def runs_a_command(self) -> bool:
        """Whether what follows its options is a command line of its own."""
        return any(operand.value.kind == "command" for operand in self.operands)


@dataclass(frozen=True, kw_only=True)
class FlagVerb:
    """A flag that spells a verb."""

    flag: str
    verb: Verb


@dataclass(frozen=True, kw_only=True)
class CommandTree:
    """Everything that can be typed. `globals` may stand before and after a verb."""

    globals: tuple[Option, ...]
    verbs: tuple[Verb, ...]
    flag_verbs: tuple[FlagVerb, ...]

    def every_verb(self) -> tuple[Verb, ...]:
        """The verbs and those below them, each before those below it."""
        return tuple(each for verb in self.verbs for each in (verb, *verb.verbs))


HELP = Option(spellings=("--help", "-h"), help="Show the help and exit.")


def read_command_tree(root: Any) -> CommandTree:
    """The tree of `root`, the command that Typer makes of the application."""
    verbs = tuple(_read_verb((name,), command) for name, command in root.commands.items() if not command.hidden)
    by_words = {verb.words: verb for top in verbs for verb in (top, *top.verbs)}
    own = (option for option in _read_options(root, ()) if not set(option.spellings) & FLAG_VERBS.keys())
    return CommandTree(
        globals=(*own, HELP),
        verbs=verbs,
        flag_verbs=tuple(FlagVerb(flag=flag, verb=by_words[words]) for flag, words in FLAG_VERBS.items()),
    )


def _read_verb(words: tuple[str, ...], command: Any) -> Verb:
    _require_name(words[-1])
    below = getattr(command, "commands", {}).items()
    return Verb(
        words=words,
        help=_first_line(command.help),
        options=_read_options(command, words),
        operands=tuple(
            Operand(value=value_of(item, words), help=_first_line(item.help), many=item.nargs == -1)
            for item in command.params
            if item.param_type_name == "argument" and not item.hidden
        ),
        verbs=tuple(_read_verb((*words, name), inner) for name, inner in below if not inner.hidden),
    )


def _read_options(command: Any, words: tuple[str, ...]) -> tuple[Option, ...]:
    options: list[Option] = []
    for item in command.params:
        if item.param_type_name != "option" or item.hidden or item.name == "help":
            continue
        positive = tuple(sorted(item.opts, key=lambda text: text[:2] != "--"))
        negative = tuple(item.secondary_opts)
        for name in (*positive, *negative):
            _require_name(name)
        options.append(
            Option(
                spellings=positive,
                help=_first_line(item.help),
                value=None if item.is_flag else value_of(item, words),
                repeatable=item.multiple,
                excludes=negative,
            )
        )
        if negative:
            options.append(Option(spellings=negative, help=f"The contrary of {positive[0]}.", excludes=positive))
    return tuple(options)


def _first_line(text: str | None) -> str:
    lines = (text or "").strip().splitlines()
    return " ".join(lines[0].split()) if lines else ""


def _require_name(name: str) -> None:
    """Names go into the files as they are: a shell must have nothing to read into them."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name that completions can hold")
