"""Every command that the documentation shows runs, and prints what the page says."""

from pathlib import Path

import pytest

from tests.docs.console_page import SHELL_LANGUAGES, Block, matches, read_blocks, read_commands
from tests.docs.page_run import CHECKOUT, DOCS, RunPage, put_tested_python_in

PAGES = sorted(DOCS.rglob("*.md"))
PAGES_WITH_COMMANDS = [page for page in PAGES if read_commands(page)]


def _name(page: Path) -> str:
    return str(page.relative_to(CHECKOUT))


BLOCKS = [(page, block) for page in PAGES for block in read_blocks(page)]


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=_name)
def test_the_commands_of_a_page_do_what_it_says(page: Path, run_page: RunPage) -> None:
    for ended in run_page(read_commands(page)):
        command = ended.command
        where = f"{_name(page)}:{command.line}: {command.text}\nprinted:\n{ended.printed}"
        assert ended.exit_status == command.exit_status, f"exit status {ended.exit_status} at {where}"
        if command.output is not None:
            expected = tuple(map(put_tested_python_in, command.output))
            assert matches(expected, ended.printed), f"{where}\nthe page says:\n" + "\n".join(command.output)


@pytest.mark.parametrize(
    "reason", [pytest.param(block.not_run, id=f"{_name(page)}:{block.line}") for page, block in BLOCKS if block.not_run]
)
def test_a_block_is_not_run(reason: str) -> None:
    pytest.skip(reason)  # so that the summary of every run counts them, each with its reason


def test_a_command_that_does_not_run_says_why() -> None:
    silent = [f"{_name(page)}:{block.line}: ```{block.language}" for page, block in BLOCKS if _is_silent(block)]
    assert not silent, "neither run nor marked with <!-- not run: REASON -->"


def _is_silent(block: Block) -> bool:
    if block.not_run or block.file:
        return False
    if block.language == "console":
        return not any(line.startswith("$ ") for line in block.lines)
    return block.language in SHELL_LANGUAGES or not block.language
