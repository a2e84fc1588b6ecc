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
        {"conda": "/p"},
        {"scripts": {"sh": ("/s/one.sh",)}},
        {"scripts_on_leaving": {"sh": ("/s/one.sh",)}},
        {"sourced": {"A": "1"}},
        {"sourced_unset": ("A",)},
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


@pytest.mark.parametrize(("name", "ending"), [("bash", "sh"), ("zsh", "sh"), ("fish", "fish"), ("pwsh", "ps1")])
def test_a_shell_is_given_its_own_scripts_for_entering_and_those_of_all_for_leaving(name: str, ending: str) -> None:
    scripts = {one: (f"/s/in/00-a.{one}", f"/s/in/01-b.{one}") for one in ("sh", "fish", "ps1")}
    on_leaving = {one: (f"/s/out/00-b.{one}",) for one in ("sh", "fish")}
    text = render_snippet(replace(SNIPPET, scripts=scripts, scripts_on_leaving=on_leaving), DIALECTS[name]).decode()

    assert [line for line in text.split("'") if line.startswith("/s/in/")] == list(scripts[ending])
    assert [line for line in text.split("'") if line.startswith("/s/out/")] == ["/s/out/00-b.sh", "/s/out/00-b.fish"]
