"""Templates are filled in one pass."""

import pytest

from pyve.activation.dialects import DIALECTS
from pyve.activation.templates import fill, read_template


def test_value_that_looks_like_a_placeholder_is_left_as_it_is() -> None:
    assert fill("a @ONE@ b @TWO@", {"ONE": "@TWO@", "TWO": "2"}) == "a @TWO@ b 2"


@pytest.mark.parametrize("text", ["", "@", "@@", "${list[@]}", 'x@ONE y "${a[@]}"@', "@UNKNOWN@"])
def test_what_is_no_placeholder_stays(text: str) -> None:
    assert fill(text, {"ONE": "1"}) == text


def test_placeholder_right_behind_an_at_sign_is_filled() -> None:
    assert fill("${list[@]}@ONE@.", {"ONE": "1"}) == "${list[@]}1."


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_has_its_files(name: str) -> None:
    for file in ("activation", "conda", "hook", "snippet"):
        assert read_template(DIALECTS[name], file)
