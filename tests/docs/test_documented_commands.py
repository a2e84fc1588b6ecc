"""Every command that the documentation shows runs, and prints what the page says."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.docs.console_page import SHELL_LANGUAGES, matches, read_blocks, read_commands
from tests.docs.page_run import CHECKOUT, DOCS, RunPage, put_tested_python_in

PAGES = sorted(DOCS.rglob("*.md"))
PAGES_WITH_COMMANDS = [page for page in PAGES if read_commands(page)]


def _name(page: Path) -> str:
    return str(page.relative_to(CHECKOUT))


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=_name)
def test_the_commands_of_a_page_do_what_it_says(page: Path, run_page: RunPage) -> None:
    for ended in run_page(read_commands(page)):
        command = ended.command
        where = f"{_name(page)}:{command.line}: {command.text}\nprinted:\n{ended.printed}"
        assert ended.exit_status == command.exit_status, f"exit status {ended.exit_status} at {where}"
        if command.output is not None:
            expected = tuple(map(put_tested_python_in, command.output))
            assert matches(expected, ended.printed), f"{where}\nthe page says:\n" + "\n".join(command.output)


def test_a_command_that_does_not_run_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    reasons: Counter[str] = Counter()
    silent = []
    for page in PAGES:
        for block in read_blocks(page):
            hides_commands = block.language == "console" and block.not_run is None and not _has_commands(block.lines)
            if block.not_run:
                reasons[block.not_run] += 1
            elif hides_commands or block.language in SHELL_LANGUAGES - {"console"} or not block.language:
                silent.append(f"{_name(page)}:{block.line}: ```{block.language}")
    with capsys.disabled():
        sys.stdout.writelines(f"\nnot run: {reason} ({count})" for reason, count in reasons.most_common())
    assert not silent, "neither run nor marked with <!-- not run: REASON -->"


def _has_commands(lines: tuple[str, ...]) -> bool:
    return any(line.startswith("$ ") for line in lines)
