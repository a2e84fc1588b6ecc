"""The tables of the completion for zsh: specifications for _arguments, one for each spelling."""

from collections.abc import Iterable, Mapping

from pyve.activation.dialects import DIALECTS
from pyve.cli.completion.tree import CommandTree, Operand, Option, Verb
from pyve.cli.completion.values import Value

_quote = DIALECTS["zsh"].quote


def fill_in(tree: CommandTree) -> Mapping[str, str]:
    """What stands for the placeholders of completions/templates/_pyve."""
    flags = " ".join(each.flag for each in tree.flag_verbs)
    return {
        "FLAG_VERBS": _case("$word", [f"({each.flag}) {_become(each.verb)} ;;" for each in tree.flag_verbs], depth=4),
        "VERB_NAMES": "\n".join(f"    {_describe(verb)}" for verb in tree.verbs),
        "FLAG_OPTIONS": " \\\n    ".join(
            _quote(f"({flags} 1){each.flag}[{_text(each.verb.help)}]") for each in tree.flag_verbs
        ),
        "GLOBALS": "\n".join(f"    {line}" for option in tree.globals for line in _options(option)),
        "VERBS": _case("$__pyve_verb", [*map(_verb_case, tree.verbs), "(*) return 1 ;;"], depth=1),
    }


def _case(subject: str, branches: Iterable[str], *, depth: int) -> str:
    indent = "  " * depth
    return "\n".join([f"{indent}case {subject} in", *(f"{indent}  {branch}" for branch in branches), f"{indent}esac"])


def _become(verb: Verb) -> str:
    """The statements that put the verb of a flag in the flag's place: the last word of it, after those above."""
    if len(verb.words) == 1:
        return f"__pyve_verb={verb.name}"
    above, last = verb.words
    return f"__pyve_verb={above}; words[index]={last}; (( index-- ))"


def _verb_case(verb: Verb) -> str:
    if not verb.verbs:
        return f"({verb.name})\n{_arguments(verb)}\n      ;;"
    names = "\n".join(f"          {_describe(below)}" for below in verb.verbs)
    below = "\n".join(f"          ({each.words[-1]})\n{_arguments(each)}\n            ;;" for each in verb.verbs)
    return (
        f"({verb.name})\n"
        f"      if __pyve_find_below; then\n"
        f'        words=("${{(@)words[index,-1]}}"); (( CURRENT -= index - 1 ))\n'
        f"        case $words[1] in\n{below}\n          (*) return 1 ;;\n        esac\n"
        f"      else\n"
        f"        verbs=(\n{names}\n        )\n"
        f"        _arguments -s -S : $globals '1:verb:{{_describe -t commands verb verbs}}'\n"
        f"      fi\n"
        f"      ;;"
    )


def _arguments(verb: Verb) -> str:
    lines = [line for option in verb.options for line in _options(option)]
    lines += [line for number, operand in enumerate(verb.operands, 1) for line in _operand(operand, number)]
    return " \\\n".join(["      _arguments -s -S : $globals", *(f"        {line}" for line in lines)])


def _options(option: Option) -> Iterable[str]:
    excluded = "" if option.repeatable else f"({' '.join((*option.spellings, *option.excludes))})"
    for text in option.spellings:
        shown = f"{'*' if option.repeatable else excluded}{text}"
        if option.value and text.startswith("--"):
            shown += "="
        value = f":{option.value.label}:{_action(option.value)}" if option.value else ""
        yield _quote(f"{shown}[{_text(option.help)}]{value}")


def _operand(operand: Operand, number: int) -> Iterable[str]:
    if operand.value.kind == "command":
        return ("'(-)1:command:_command_names -e'", "'*::arguments:_normal'")
    place = "*" if operand.many else str(number)
    return (_quote(f"{place}:{operand.value.label}:{_action(operand.value)}"),)


def _action(value: Value) -> str:
    if value.kind == "choice":
        return f"({' '.join(value.choices)})"
    if value.kind == "names":
        return f"{{__pyve_names {value.asked}}}"  # in braces, lest _arguments adds words of its own
    # Nothing to offer is an empty statement: a message would keep the only match from being put in.
    return {"directory": "_files -/", "file": "_files"}.get(value.kind, "{:}")


def _describe(verb: Verb) -> str:
    return _quote(f"{verb.words[-1]}:{verb.help.removesuffix('.')}")


def _text(help_line: str) -> str:
    """A description inside the brackets of a specification."""
    text = help_line.removesuffix(".")
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
