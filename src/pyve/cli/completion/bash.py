"""The tables of the completion for bash: cases over the verb, the option, the operand."""

from collections.abc import Iterable, Mapping

from pyve.cli.completion.tree import CommandTree, Option, Verb
from pyve.cli.completion.values import Value


def fill_in(tree: CommandTree) -> Mapping[str, str]:
    """What stands for the placeholders of completions/templates/pyve.bash."""
    verbs = tree.every_verb()
    own_flags = [each.flag for each in tree.flag_verbs]
    flags = [f"{each.flag}) verb='{each.verb.name}' ;;" for each in tree.flag_verbs]
    globals_ = [
        f"{' | '.join(option.spellings)}) {_set(option.value)}; return 0 ;;" for option in tree.globals if option.value
    ]
    top = f"'') verbs=({_words(verb.name for verb in tree.verbs)}) options=({_words(own_flags)}) ;;"
    known = [f"'{verb.name}') {_lists(verb)} ;;" for verb in verbs if verb.verbs or verb.options]
    values = [
        f"{_patterns(verb, option)}) {_set(option.value)} ;;"
        for verb in verbs
        for option in verb.options
        if option.value
    ]
    operands = [
        f"{_place(verb, number, many=operand.many)}) {_set(operand.value)} ;;"
        for verb in verbs
        for number, operand in enumerate(verb.operands, 1)
        if operand.value.kind not in {"free", "command"}
    ]
    return {
        "FLAG_VERBS": _case("$1", [*flags, "*) return 1 ;;"]),
        "RUNNERS": " | ".join(f"'{verb.name}'" for verb in verbs if verb.runs_a_command),
        "VERBS": _case("$1", [top, *known]),
        "GLOBALS": _words(_spellings(tree.globals)),
        "GLOBAL_VALUES": _case("$2", globals_),
        "VALUES": _case('"$1 $2"', [*values, "*) return 1 ;;"]),
        "OPERANDS": _case('"$1 $2"', operands),
    }


def _case(subject: str, branches: Iterable[str]) -> str:
    return "\n".join([f"  case {subject} in", *(f"    {branch}" for branch in branches), "  esac"])


def _lists(verb: Verb) -> str:
    verbs = [f"verbs=({_words(each.words[-1] for each in verb.verbs)})"] if verb.verbs else []
    options = [f"options=({_words(_spellings(verb.options))})"] if verb.options else []
    return _words([*verbs, *options])


def _place(verb: Verb, number: int, *, many: bool) -> str:
    return f"'{verb.name} '*" if many else f"'{verb.name} {number}'"


def _patterns(verb: Verb, option: Option) -> str:
    return " | ".join(f"'{verb.name} {text}'" for text in option.spellings)


def _set(value: Value) -> str:
    values = f" values=({_words(value.choices)})" if value.choices else ""
    asked = f" asked={value.asked}" if value.asked else ""
    return f"kind='{value.kind}'{values}{asked}"  # quoted: `file` is a command, too


def _spellings(options: Iterable[Option]) -> Iterable[str]:
    return (text for option in options for text in option.spellings)


def _words(words: Iterable[str]) -> str:
    return " ".join(words)
