"""The lines of the completion for fish: one `complete` for each verb, option and operand."""

from collections.abc import Iterable, Mapping

from pyve.activation.dialects import DIALECTS
from pyve.cli.completion.tree import CommandTree, Option, Verb
from pyve.cli.completion.values import Value

_quote = DIALECTS["fish"].quote
_OUTSIDE_COMMAND = "__pyve_outside_command"


def fill_in(tree: CommandTree) -> Mapping[str, str]:
    """What stands for the placeholders of completions/templates/pyve.fish."""
    verbs = tree.every_verb()
    valued = [f"* {text}" for option in tree.globals if option.value for text in option.spellings]
    valued += [
        f"{verb.name} {text}" for verb in verbs for option in verb.options if option.value for text in option.spellings
    ]
    lines = [line for option in tree.globals for line in _option(option, _OUTSIDE_COMMAND)]
    lines += [_complete(_at(""), f"-a {verb.name}", verb.help) for verb in tree.verbs]
    lines += [_complete(_at(""), _spelling(each.flag), each.verb.help) for each in tree.flag_verbs]
    lines += [line for verb in verbs for line in _verb(verb)]
    flag_cases = [
        line
        for each in tree.flag_verbs
        for line in (f"    case {each.flag}", f"        set verb {_quote(each.verb.name)}")
    ]
    return {
        "FLAG_VERBS": "\n".join(f"{' ' * 16}{line}" for line in ["switch $token", *flag_cases, "end"]),
        "VALUED": " ".join(_quote(text) for text in valued),
        "GROUPS": " ".join(_quote(verb.name) for verb in verbs if verb.verbs),
        "RUNNERS": " ".join(_quote(verb.name) for verb in verbs if verb.runs_a_command),
        "LINES": "\n".join(lines),
    }


def _verb(verb: Verb) -> Iterable[str]:
    for below in verb.verbs:
        yield _complete(_at(verb.name), f"-a {below.words[-1]}", below.help)
    for option in verb.options:
        yield from _option(option, _at(verb.name))
    for number, operand in enumerate(verb.operands, 1):
        wanted = f"__pyve_operand {_quote(verb.name)} {'many' if operand.many else number}"
        if operand.value.kind == "command":
            yield f"complete -c pyve -n {_quote(wanted)} -a '(__pyve_command)'"
        elif operand.value.kind != "free":
            yield f"complete -c pyve -n {_quote(wanted)} {_values(operand.value)}"


def _option(option: Option, condition: str) -> Iterable[str]:
    spellings = " ".join(_spelling(text) for text in option.spellings)
    values = f" {_values(option.value)} -r" if option.value else ""
    yield _complete(condition, spellings + values, option.help)


def _values(value: Value) -> str:
    if value.kind == "choice":
        return f"-f -a {_quote(' '.join(value.choices))}"
    if value.kind == "names":
        return f"-f -a '(__pyve_names {value.asked})'"
    return {"directory": "-f -a '(__pyve_directories)'", "file": "-F"}.get(value.kind, "-f")


def _complete(condition: str, what: str, description: str) -> str:
    return f"complete -c pyve -n {_quote(condition)} {what} -d {_quote(description.removesuffix('.'))}"


def _at(verb: str) -> str:
    return f"__pyve_at {_quote(verb)}"


def _spelling(text: str) -> str:
    return f"-l {text[2:]}" if text.startswith("--") else f"-s {text[1:]}"
