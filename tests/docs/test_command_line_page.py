"""docs/reference/command-line.md has every command and option, and no other."""

import re
from typing import Any

import pytest

from tests.docs.command_tree import PAGE, flag_forms, list_commands, list_options, render_page

TEXT = PAGE.read_text("utf-8")
COMMANDS = list_commands()


def test_the_tables_are_those_of_the_help() -> None:
    assert render_page(TEXT) == TEXT, "to write them anew: python -m tests.docs.command_tree"


def test_every_command_has_a_section_and_a_table() -> None:
    assert sorted(re.findall(r"<!-- options of ([\w ]+) -->", TEXT)) == sorted(COMMANDS)
    headings = set(re.findall(r"^#{2,3} pyve(?: ([a-z ]+[a-z]))?", TEXT, re.MULTILINE))
    assert headings == {name for name in COMMANDS if name != "pyve"}


@pytest.mark.parametrize(("name", "command"), COMMANDS.items(), ids=str)
def test_every_option_stands_in_its_section(name: str, command: Any) -> None:
    table = TEXT.partition(f"<!-- options of {name} -->")[2].partition("<!-- end -->")[0]
    assert set(re.findall(r"`(--?[\w-]+)", table.replace("\\|", ""))) >= set(list_options(command))


def test_options_named_in_the_prose_exist() -> None:
    known = {option for command in COMMANDS.values() for option in list_options(command)}
    known |= set(flag_forms()) | {"--help", "-h", "--"}
    assert set(re.findall(r"`(--[\w-]+)[ `=]", TEXT)) <= known


def test_every_flag_form_is_named_with_its_verb() -> None:
    for flag, verb in flag_forms().items():
        assert f"| `{flag}` | `{verb}` |" in TEXT
