import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyve.system.marked_block import block_lines, find_lone_mark, insert_lines, remove_lines

PIECES = st.sampled_from(
    [
        b"/.venv",
        b"*.pyc",
        b"\n",
        b"\r\n",
        b"\r",
        b" ",
        b"\xff\xfe",
        b"# >>> pyve >>>",
        b"# >>> pyve (the line above had no newline) >>>",
        b"# <<< pyve <<<",
        b"# >>> pyve >>>\n/.venv\n# <<< pyve <<<\n",
    ]
)
CONTENTS = st.one_of(st.binary(max_size=60), st.lists(PIECES, max_size=12).map(b"".join))
LINES = st.lists(st.sampled_from([b"/.venv", b"/.pyve/", b"/sub dir/.venv", b"/x.egg-info/"]), min_size=1, unique=True)


@given(content=CONTENTS, lines=LINES)
def test_taking_out_what_was_put_in_restores_every_byte(content: bytes, lines: list[bytes]) -> None:
    new = [line for line in lines if line not in block_lines(content)]
    assert remove_lines(insert_lines(content, lines), new) == content


@given(
    content=CONTENTS,
    lines=LINES,
    above=st.sampled_from([b"LAST", b"*.pyc", b"\n"]),
    ending=st.sampled_from([b"\n", b"\r\n"]),
)
def test_a_block_above_a_line_goes_without_a_trace_too(
    content: bytes, lines: list[bytes], above: bytes, ending: bytes
) -> None:
    new = [line for line in lines if line not in block_lines(content)]
    changed = insert_lines(content, lines, above=above, ending=ending)
    assert set(lines) <= set(block_lines(changed))
    assert remove_lines(changed, new) == content


def test_a_block_stands_above_the_line_that_must_be_last() -> None:
    changed = insert_lines(b"a\n# LAST ONE\nb", [b"ours"], above=b"LAST")
    assert changed == b"a\n# >>> pyve >>>\nours\n# <<< pyve <<<\n# LAST ONE\nb"


@given(content=CONTENTS, lines=LINES)
def test_the_lines_stand_in_the_block_once_they_are_put_in(content: bytes, lines: list[bytes]) -> None:
    changed = insert_lines(content, lines)
    assert set(lines) <= set(block_lines(changed))
    assert insert_lines(changed, lines) == changed


@given(content=CONTENTS, first=LINES, second=LINES)
def test_two_owners_can_go_in_either_order(content: bytes, first: list[bytes], second: list[bytes]) -> None:
    present = block_lines(content)
    one = [line for line in first if line not in present]
    other = [line for line in second if line not in present and line not in first]
    both = insert_lines(insert_lines(content, one), other)
    assert remove_lines(remove_lines(both, one), other) == content
    assert remove_lines(remove_lines(both, other), one) == content


def test_a_file_with_windows_line_ends_gets_windows_lines() -> None:
    assert b"/.venv\r\n" in insert_lines(b"*.pyc\r\nbuild/\r\n", [b"/.venv"])


def test_what_the_user_wrote_between_our_markers_stays() -> None:
    mixed = insert_lines(b"a\n", [b"/.venv"]).replace(b"/.venv\n", b"/.venv\nmine\n")
    assert b"mine\n" in remove_lines(mixed, [b"/.venv"])


def test_what_the_user_added_after_our_block_is_not_joined_to_the_line_before() -> None:
    extended = insert_lines(b"no newline", [b"/.venv"]) + b"later\n"
    assert remove_lines(extended, [b"/.venv"]) == b"no newline\nlater\n"


def test_the_same_line_outside_the_block_is_the_users() -> None:
    content = b"/.venv\n"
    assert remove_lines(content, [b"/.venv"]) == content


@pytest.mark.parametrize(("gone", "line"), [(b"# >>> pyve >>>\n", 3), (b"# <<< pyve <<<\n", 2)])
def test_the_mark_whose_other_one_is_gone_is_found(gone: bytes, line: int) -> None:
    whole = insert_lines(b"a\n", [b"ours"]) + b"b\n"
    assert find_lone_mark(whole) is None
    assert find_lone_mark(whole.replace(gone, b"")) == line
    assert find_lone_mark(whole.replace(gone, b"") + whole) == line, "a whole block below it"


def test_a_file_without_marks_is_not_damaged() -> None:
    assert find_lone_mark(b"a\n# >>> conda >>>\n") is None
