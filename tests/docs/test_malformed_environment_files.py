"""The page on environment.yml shows what pyve really says of files that are none."""

import re

import pytest

from tests.docs.malformed_environment_files import FILES, PAGE, render_page, tell


def test_the_table_shows_what_is_said() -> None:
    text = PAGE.read_text("utf-8")
    assert render_page(text) == text, "to write it anew: python -m tests.docs.malformed_environment_files"


def test_there_are_enough_of_them() -> None:
    assert len(set(FILES)) == len(FILES) >= 20


@pytest.mark.parametrize("text", FILES)
def test_each_names_its_line_and_what_to_type(text: str) -> None:
    message, hint = tell(text)
    assert re.match(r"environment\.yml:\d+:", message)
    assert hint
