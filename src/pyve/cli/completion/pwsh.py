"""The tables of the completion for PowerShell: hash tables whose values are flat lists."""

from collections.abc import Iterable, Mapping

from pyve.activation.dialects import DIALECTS
from pyve.cli.completion.tree import CommandTree, Option, Verb
from pyve.cli.completion.values import Value

_dialect = DIALECTS["pwsh"]
_INDENT = " " * 8


def fill_in(tree: CommandTree) -> Mapping[str, str]:
    """What stands for the placeholders of completions/templates/pyve.ps1."""
    verbs = tree.every_verb()
    flags = [(each.flag, each.verb.help) for each in tree.flag_verbs]
    values = [(text, option.value) for option in tree.globals if option.value for text in option.spellings]
    values += [
        (f"{verb.name} {text}", option.value)
        for verb in verbs
        for option in verb.options
        if option.value
        for text in option.spellings
    ]
    operands = [
        (f"{verb.name} {'*' if operand.many else number}", operand.value)
        for verb in verbs
        for number, operand in enumerate(verb.operands, 1)
        if operand.value.kind not in {"free", "command"}
    ]
    verb_lists = [("", tree.verbs), *((verb.name, verb.verbs) for verb in verbs if verb.verbs)]
    option_lists = [("", flags), *((verb.name, _option_pairs(verb.options)) for verb in verbs if verb.options)]
    tables = [
        _table("verbsBelow", [_entry(name, _verb_pairs(below)) for name, below in verb_lists]),
        _table("optionsOf", [_entry(name, pairs) for name, pairs in option_lists]),
        f"    $globalOptions = @(\n{_lines(_option_pairs(tree.globals))}\n    )",
        _table("valueOf", [f"{_INDENT}{_quote(key)} = {_value(value)}" for key, value in values]),
        _table("operandOf", [f"{_INDENT}{_quote(key)} = {_value(value)}" for key, value in operands]),
    ]
    flag_cases = [f"    {_quote(each.flag)} {{ $verb = {_quote(each.verb.name)} }}" for each in tree.flag_verbs]
    flag_switch = ["switch -CaseSensitive ($word) {", *flag_cases, "}"]
    return {
        "TABLES": "\n".join(tables),
        "RUNNERS": _dialect.join(_quote(verb.name) for verb in verbs if verb.runs_a_command),
        "FLAG_VERBS": "\n".join(f"{' ' * 16}{line}" for line in flag_switch),
    }


def _table(name: str, entries: Iterable[str]) -> str:
    return "\n".join([f"    ${name} = @{{", *entries, "    }"])


def _entry(name: str, pairs: Iterable[tuple[str, str]]) -> str:
    return f"{_INDENT}{_quote(name)} = @(\n{_lines(pairs, deeper=True)}\n{_INDENT})"


def _lines(pairs: Iterable[tuple[str, str]], *, deeper: bool = False) -> str:
    """A name and its description a line; a description must not be empty there."""
    indent = _INDENT + ("    " if deeper else "")
    return ",\n".join(f"{indent}{_quote(name)}, {_quote(text.removesuffix('.') or name)}" for name, text in pairs)


def _verb_pairs(verbs: Iterable[Verb]) -> list[tuple[str, str]]:
    return [(verb.words[-1], verb.help) for verb in verbs]


def _option_pairs(options: Iterable[Option]) -> list[tuple[str, str]]:
    return [(text, option.help) for option in options for text in option.spellings]


def _value(value: Value) -> str:
    words = [value.kind, *([value.asked] if value.asked else value.choices)]
    return f"@({_dialect.join(_quote(word) for word in words)})"


def _quote(text: str) -> str:
    return _dialect.quote(text)
