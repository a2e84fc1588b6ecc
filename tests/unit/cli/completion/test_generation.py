"""The completion files are those of the command tree; `python -m pyve.cli.completion` writes them anew."""

from pathlib import Path

import pytest
import typer
from typer.main import get_command

from pyve.activation.completion.files import COMPLETION_FILES
from pyve.cli.command_line import FLAG_VERBS
from pyve.cli.completion.generation import current_tree, render_completion
from pyve.cli.completion.tree import read_command_tree
from tests.docs.command_tree import list_commands, list_options
from tests.support.powershell_syntax import find_errors, parse

COMPLETIONS = Path(__file__).resolve().parents[4] / "completions"


@pytest.mark.parametrize("shell", COMPLETION_FILES)
def test_the_file_is_that_of_the_command_tree(shell: str) -> None:
    committed = (COMPLETIONS / COMPLETION_FILES[shell]).read_bytes()
    assert render_completion(shell, current_tree()) == committed, "python -m pyve.cli.completion writes it anew"


@pytest.mark.parametrize("shell", COMPLETION_FILES)
def test_every_verb_and_option_is_in_the_file(shell: str) -> None:
    text = (COMPLETIONS / COMPLETION_FILES[shell]).read_text("utf-8")
    commands = list_commands()
    words = {word for name in commands if name != "pyve" for word in name.split()}
    options = {option for command in commands.values() for option in list_options(command)}
    if shell == "fish":  # which names options without their dashes
        options = {option.lstrip("-") for option in options}
    missing = {word for word in words | options if word not in text}
    assert missing == set()


def test_the_tree_has_every_flag_verb_with_the_verb_it_means() -> None:
    assert {each.flag: each.verb.words for each in current_tree().flag_verbs} == FLAG_VERBS


def test_what_is_hidden_is_left_out() -> None:
    app = typer.Typer()

    @app.command("secret", hidden=True)
    def secret() -> None:
        """Nothing to see."""

    for name in ("init", "purge", "check", "config", "version"):
        app.command(name)(lambda: None)
    branch = typer.Typer()
    app.add_typer(branch, name="self")
    for name in ("install", "uninstall"):
        branch.command(name)(lambda: None)
    assert "secret" not in {verb.name for verb in read_command_tree(get_command(app)).every_verb()}


def test_a_name_that_a_shell_would_read_something_into_is_refused() -> None:
    app = typer.Typer()
    app.command("$(touch pwned)")(lambda: None)
    app.command("other")(lambda: None)
    with pytest.raises(ValueError, match="touch"):
        read_command_tree(get_command(app))


def test_the_file_for_powershell_is_powershell() -> None:
    content = (COMPLETIONS / "pyve.ps1").read_bytes()
    assert find_errors(parse(content)) == []
    assert content.isascii(), "5.1 reads a file without a mark in the code page of the machine"
