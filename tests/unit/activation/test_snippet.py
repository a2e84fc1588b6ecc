"""What a snippet holds, and when two say the same."""

from dataclasses import replace

import pytest

from pyve.activation.dialects import DIALECTS
from pyve.activation.snippet import Snippet, render_snippet

SNIPPET = Snippet(root="/p", reference="/s/reference-", watch=("/p",), bin=("/p/bin",), set={"A": "1"}, unset=("B",))


def test_serial_is_the_same_for_what_says_the_same() -> None:
    assert replace(SNIPPET).serial == SNIPPET.serial


@pytest.mark.parametrize(
    "change",
    [
        {"root": "/q"},
        {"probe": "/p/bin/python"},
        {"watch": ()},
        {"watch_on_cd": True},
        {"bin": ("/p/bin", "/q")},
        {"set": {"A": "2"}},
        {"unset": ()},
        {"prompt": "(p) "},
        {"notice": "x"},
        {"missing": "x"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_serial_differs_where_anything_differs(change: dict[str, object]) -> None:
    assert replace(SNIPPET, **change).serial != SNIPPET.serial  # type: ignore[arg-type] # fields by name


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_every_placeholder_is_filled(dialect: object) -> None:
    text = render_snippet(SNIPPET, dialect).decode()  # type: ignore[arg-type] # a dialect
    assert "@" not in text.replace("@(", "(")
    assert SNIPPET.serial in text
