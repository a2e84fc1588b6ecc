"""The commands and options as Typer knows them, written as the tables of docs/reference/command-line.md.

`python -m tests.docs.command_tree` writes the tables into the page anew; a test holds them equal.
"""

import re
from collections.abc import Iterator
from typing import Any

import typer

from pyve.cli.app import build_app
from pyve.cli.command_line import FLAG_VERBS
from tests.docs.page_run import DOCS

PAGE = DOCS / "reference" / "command-line.md"
_TABLE = re.compile(r"<!-- options of (?P<name>[\w ]+) -->\n.*?<!-- end -->\n", re.DOTALL)


def list_commands() -> dict[str, Any]:
    """Every command by the words that name it; `pyve` is the command line itself."""
    root = typer.main.get_command(build_app())
    return {"pyve": root, **dict(_walk(root, ""))}


def _walk(group: Any, above: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        words = f"{above} {name}".strip()
        yield words, command
        if hasattr(command, "commands"):
            yield from _walk(command, words)


def list_options(command: Any) -> list[str]:
    """The option strings of a command, as they are typed."""
    return [text for item in command.params if item.param_type_name == "option" for text in _spellings(item)]


def render_table(command: Any) -> str:
    """The arguments and options of a command as a table; a sentence where it has none."""
    rows = [_row(item) for item in command.params]
    if not rows:
        return "No options of its own.\n"
    return "".join(["| | |\n|---|---|\n", *rows])


def render_page(text: str) -> str:
    """The page with every table written anew."""
    commands = list_commands()

    def table(found: re.Match[str]) -> str:
        name = found["name"]
        return f"<!-- options of {name} -->\n\n{render_table(commands[name])}\n<!-- end -->\n"

    return _TABLE.sub(table, text)


def flag_forms() -> dict[str, str]:
    """`--init` -> `init`, and so on."""
    return {flag: " ".join(words) for flag, words in FLAG_VERBS.items()}


def _spellings(item: Any) -> list[str]:
    return [*item.opts, *item.secondary_opts]


def _row(item: Any) -> str:
    if item.param_type_name == "argument":
        name = f"`{item.metavar or item.name.upper()}`"
    else:
        value = f" {item.metavar}" if item.metavar and not item.is_flag else ""
        name = ", ".join(f"`{text}{value}`" for text in sorted(_spellings(item), key=lambda text: text[:2] != "--"))
    default = " The default." if item.param_type_name == "option" and item.secondary_opts and item.default else ""
    return f"| {name} | {item.help.replace('|', chr(92) + '|')}{default} |\n"


if __name__ == "__main__":
    PAGE.write_text(render_page(PAGE.read_text("utf-8")), encoding="utf-8")
