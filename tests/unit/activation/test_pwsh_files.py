"""The files for PowerShell are PowerShell, whatever is filled in, and keep to what they promise."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyve.activation.dialects.pwsh import Pwsh
from pyve.activation.hook import render_hook
from pyve.activation.snippet import Snippet, render_snippet
from pyve.activation.statements import render_activation, render_exports
from pyve.activation.templates import fill, read_template
from tests.support.powershell_syntax import find_all, find_errors, parse, text_of

PWSH = Pwsh()
HOSTILE = [
    "",
    "it's",
    "''",
    "'",
    '"my" things',
    "\u2018typographic\u2019 \u201aquotes\u201b",
    "\u2018'\u2019",
    "\u2019",
    "\u201cdouble\u201d \u201e",
    "$HOME $(touch pwned) ${x} $",
    "`touch pwned` `",
    "two\nlines",
    "two\r\nlines\r",
    "{ } }{ ( ) ][",
    "@'\nhere\n'@",
    '@"\nhere\n"@',
    "<# comment #> # more",
    "C:\\Users\\me\\",
    "a; b & c | d > e, f",
    "--% -x /y %z%",
    "@ROOT@ @(x) @{x}",
    "cafe\u0301 🐍 \u2028 \x85 \xa0",
    "\x01\x1b[31m\t",
    "not UTF-8: \udce9\udcff",
]
# Every letter that means something to PowerShell's tokenizer, and some that mean nothing.
ALPHABET = "'\u2018\u2019\u201a\u201b\"\u201c\u201d\u201e$`@#(){}[]<>;,|&%\\/ \t\r\n\x85\u2028\x00ab é🐍".replace(
    "\x00", ""
)
OUR_CMDLETS = {
    *("Get-Item", "Remove-Item", "Set-Item", "Test-Path"),
    *("Get-Variable", "Set-Variable", "Set-StrictMode", "Write-Error", "Write-Host", "Out-Host"),
}
AT_EVERY_PROMPT = ("__pyve_at_prompt", "__pyve_has_changed")


def read_verbatim_string(text: str) -> str:
    """What PowerShell reads in a single-quoted string: any of five quotes ends it, two in a row are the second one."""
    assert re.fullmatch("['\u2018-\u201b].*['\u2018-\u201b]", text, re.DOTALL)
    value, index = "", 1
    while index < len(text) - 1:
        if text[index] in "'\u2018\u2019\u201a\u201b":
            index += 1
            assert index < len(text) - 1, "the string ends before its end"
            assert text[index] in "'\u2018\u2019\u201a\u201b", "the string ends in the middle"
        value += text[index]
        index += 1
    return value


def render_hostile_snippet(value: str) -> bytes:
    snippet = Snippet(
        root=value,
        reference=value,
        probe=value,
        watch=(value, value),
        bin=(value,),
        set={"A": value, "B": value},
        unset=("C",),
        conda=value,
        scripts={"ps1": (value, value), "sh": ("not for this shell",)},
        scripts_on_leaving={"sh": (value,), "ps1": (value,)},
        prompt=value,
        notice=value,
        missing=value,
    )
    return render_snippet(snippet, PWSH)


def fill_templates() -> dict[str, bytes]:
    return {
        "activation": read_template(PWSH, "activation").encode(),
        "conda": read_template(PWSH, "conda").encode(),
        "hook": render_hook(PWSH, state_directory="/state", command=["/bin/pyve"]),
        "hook without a command": render_hook(PWSH, state_directory="", command=[]),
        "snippet": render_snippet(Snippet(root="/p", reference="/r-"), PWSH),
        "snippet with scripts": render_snippet(
            Snippet(root="/p", reference="/r-", scripts={"ps1": ("/s/a",)}, scripts_on_leaving={"sh": ("/s/b",)}), PWSH
        ),
        "activate": render_activation(PWSH, Snippet(root="/p", reference="/r-")).encode(),
        "completion": fill(read_template(PWSH, "completion"), {"COMPLETION": PWSH.quote("/c.ps1")}).encode(),
        "export and unset": render_exports(PWSH, {"A": "1"}, {"B": "it's"}).encode(),
    }


@pytest.mark.parametrize("name", fill_templates())
def test_file_is_powershell(name: str) -> None:
    assert find_errors(parse(fill_templates()[name])) == []


@pytest.mark.parametrize("name", fill_templates())
def test_file_is_ascii_which_no_code_page_can_garble(name: str) -> None:
    assert fill_templates()[name].isascii()


@pytest.mark.parametrize("name", fill_templates())
def test_nothing_in_a_file_is_newer_than_5_1(name: str) -> None:
    tree = parse(fill_templates()[name])
    assert find_all(tree, "&&") + find_all(tree, "||") == []
    assert b"$IsWindows" not in fill_templates()[name]  # a variable that 5.1 has not: an error in strict mode


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_snippet_is_data_alone(value: str) -> None:
    tree = parse(render_hostile_snippet(value))
    assert find_errors(tree) == []
    assert len(find_all(tree, "assignment_expression")) == 16
    assert find_all(tree, "command") == []
    assert find_all(tree, "sub_expression") == []
    read = [read_verbatim_string(text_of(node)) for node in find_all(tree, "string_literal")]
    serial = read[1]
    assert read == [
        *(value, serial, value, value + serial),  # root, serial, probe, reference
        *(value, value, "", value),  # watch, watch_on_cd, bin
        *("A", value, "B", value, "C"),  # set, unset
        *(value, value, value, value, value),  # conda, scripts, scripts_out
        *(value, value, value),  # prompt, notice, missing
    ]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_state_directory_and_command_stay_words(value: str) -> None:
    plain = parse(render_hook(PWSH, state_directory="/state", command=["/bin/pyve", "-m"]))
    tree = parse(render_hook(PWSH, state_directory=value, command=[value, value]))
    assert find_errors(tree) == []
    assert [text_of(node) for node in find_all(tree, "command_name")] == [
        text_of(node) for node in find_all(plain, "command_name")
    ]
    assert len(find_all(tree, "string_literal")) == len(find_all(plain, "string_literal"))


@given(st.text(alphabet=ALPHABET, max_size=40))
def test_quoted_value_is_one_literal_and_reads_back_as_itself(value: str) -> None:
    quoted = PWSH.quote(value)
    assert read_verbatim_string(quoted) == value
    tree = parse(f"$x = {quoted}\n$y = 1\n".encode())
    assert find_errors(tree) == []
    literals = find_all(tree, "string_literal")
    assert [text_of(node) for node in literals] == [quoted]


@given(st.lists(st.text(alphabet=ALPHABET, max_size=10), max_size=4))
def test_list_has_as_many_literals_as_words(values: list[str]) -> None:
    tree = parse(f"$x = @({PWSH.join(map(PWSH.quote, values))})\n".encode())
    assert find_errors(tree) == []
    assert [read_verbatim_string(text_of(node)) for node in find_all(tree, "string_literal")] == values


def test_files_call_builtin_cmdlets_and_functions_of_their_own_alone() -> None:
    tree = parse(fill_templates()["hook"])
    defined = {text_of(node).removeprefix("global:") for node in find_all(tree, "function_name")}
    called = {text_of(node) for node in find_all(tree, "command_name")}
    assert called <= defined | OUR_CMDLETS
    assert all(name.startswith("__pyve_") or name == "deactivate" for name in defined)


def test_a_prompt_where_nothing_has_changed_calls_no_cmdlet() -> None:
    tree = parse(fill_templates()["hook"])
    bodies = {
        text_of(find_all(node, "function_name")[0]).removeprefix("global:"): node
        for node in find_all(tree, "function_statement")
    }
    called = {text_of(node) for name in AT_EVERY_PROMPT for node in find_all(bodies[name], "command_name")}
    assert called == {"__pyve_has_changed", "__pyve_look", "__pyve_forget_error"}  # the last two, where it is not so


def test_every_global_variable_is_given_a_value_before_strict_mode_misses_it() -> None:
    hook, snippet = parse(fill_templates()["hook"]), parse(fill_templates()["snippet"])
    used = {text_of(node) for node in find_all(hook, "variable") if text_of(node).startswith("$global:__pyve_")}
    loop = find_all(hook, "foreach_statement")[0]
    prepared = {f"$global:__pyve_{text_of(node)[1:-1]}" for node in find_all(loop, "string_literal")}
    lines = (fill_templates()["hook"] + text_of(snippet).encode()).decode().splitlines()
    assigned = {line.partition(" = ")[0] for line in lines if line.startswith("$global:__pyve_")}
    assert len(used) > 20
    assert used <= prepared | assigned
