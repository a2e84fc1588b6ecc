"""Selectors in comments decide which lines count, as the specification and conda-lock have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyve.errors import ManifestInvalidError
from pyve.project.conda.subdir import SUBDIRS
from pyve.project.manifests.comment_selectors import apply_comment_selectors, evaluate_key, names_on

WHERE = ("linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64")


def counts_on(comment: str) -> str:
    """The platforms of WHERE on which a line with this comment counts."""
    line = f"- a  {comment}"
    return " ".join(subdir for subdir in WHERE if apply_comment_selectors(line, subdir, "e.yml")[0] == line)


@pytest.mark.parametrize(
    ("comment", "platforms"),
    [
        ("# [linux]", "linux-64 linux-aarch64"),
        ("#[osx]", "osx-64 osx-arm64"),
        ("# [win]", "win-64"),
        ("# [unix]", "linux-64 linux-aarch64 osx-64 osx-arm64"),
        ("# [linux64]", "linux-64"),
        ("# [osx64]", "osx-64"),
        ("# [win64]", "win-64"),
        ("# [aarch64]", "linux-aarch64"),
        ("# [arm64]", "osx-arm64"),
        ("# [x86_64]", "linux-64 osx-64 win-64"),
        ("# [ppc64le]", ""),
        ("# [linux or win]", "linux-64 linux-aarch64 win-64"),
        ("# [unix and x86_64]", "linux-64 osx-64"),
        ("# [win or unix and arm64]", "osx-arm64 win-64"),
        ("# [(win or unix) and arm64]", "osx-arm64"),
        ("# [not win]", "linux-64 linux-aarch64 osx-64 osx-arm64"),
        ("# [not (osx or win)]", "linux-64 linux-aarch64"),
        ("# needed on [osx]", "osx-64 osx-arm64"),
        ("# [osx] has its own", "osx-64 osx-arm64"),
    ],
)
def test_a_selector_says_where_a_line_counts(comment: str, platforms: str) -> None:
    assert counts_on(comment) == platforms


@pytest.mark.parametrize(
    "line", ["- a  # see [docs]", "- a  # [1]", "- a  # [0.5, 1]", "- a  # [see docs]", "- a # []"]
)
def test_brackets_that_are_no_selector_stay_a_comment_and_are_noted(line: str) -> None:
    text, notes = apply_comment_selectors(f"x:\n{line}", "linux-64", "e.yml")
    assert text == f"x:\n{line}"
    assert len(notes) == 1
    assert notes[0].startswith("e.yml:2: [")


@pytest.mark.parametrize(
    "line", ["# - a [win]", "  # [win]", "- a[win]", "- a#[win]", "- https://x/a#[win]", "- [a, b]"]
)
def test_what_is_no_comment_after_something_is_left_alone(line: str) -> None:
    assert apply_comment_selectors(line, "linux-64", "e.yml") == (line, ())


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("- a  # [linx]", "e.yml:2: 'linx' in [linx] is no platform", "did you mean linux?"),
        ("- a  # [py3k]", "'py3k' in [py3k] is no platform", "as in # [linux]"),
        ("- a  # [win and optional]", "'optional' in", "as in # [linux]"),
        ("- a  # [win or]", "[win or] cannot be understood", "joined by and"),
        ("- a  # [linux osx]", "[linux osx] cannot be understood", "joined by and"),
        ("- a  # [(win]", "[(win] cannot be understood", "joined by and"),
        (f"- a  # [{'(' * 99}win{')' * 99}]", "cannot be understood", "joined by and"),
    ],
)
def test_a_selector_that_programs_understand_differently_is_refused(line: str, message: str, hint: str) -> None:
    with pytest.raises(ManifestInvalidError) as caught:
        apply_comment_selectors(f"x:\n{line}", "linux-64", "e.yml")
    assert message in caught.value.message
    assert hint in str(caught.value.hint)


def test_lines_keep_their_numbers() -> None:
    text = "a:\r\n- b  # [win]\r\n- c\r\n"
    assert apply_comment_selectors(text, "linux-64", "e.yml")[0] == "a:\r\n\n- c\r\n"


@pytest.mark.parametrize(
    ("key", "subdir", "holds"),
    [
        ("sel(win)", "win-64", True),
        ("sel(win)", "linux-64", False),
        ("sel(unix)", "osx-arm64", True),
        ("sel( linux )", "linux-64", True),
        ("pip", "linux-64", None),
    ],
)
def test_a_key_selects_by_system(key: str, subdir: str, holds: bool | None) -> None:
    assert evaluate_key(key, subdir, "e.yml:1") is holds


@pytest.mark.parametrize("key", ["sel(arm64)", "sel(linux or win)", "sel()", "sel(linux"])
def test_a_key_that_selects_by_anything_else_is_refused(key: str) -> None:
    with pytest.raises(ManifestInvalidError, match=r"e\.yml:1"):
        evaluate_key(key, "linux-64", "e.yml:1")


@pytest.mark.parametrize("subdir", SUBDIRS)
def test_every_platform_has_its_system_among_its_names(subdir: str) -> None:
    assert subdir.partition("-")[0] in names_on(subdir)


@given(st.lists(st.sampled_from(["(", ")", "and", "or", "not", "win", "linux", " ", "x y", "[", "]", "#", " # ["])))
def test_any_line_is_taken_dropped_or_refused(words: list[str]) -> None:
    line = " ".join(["- a #", *words])
    text = line
    try:
        text, _ = apply_comment_selectors(line, "linux-64", "e.yml")
    except ManifestInvalidError:
        text = ""
    assert text in {"", line}
