"""Logical lines and their options are found where pip's own parser finds them."""

from hypothesis import example, given
from hypothesis import strategies as st
from pip_requirements_parser import CommentLine, preprocess

from pyve.project.manifests.requirement_options import parse_line, split_lines

PARTS = st.sampled_from(
    ["a", " ", "\t", "#", "# b", "\\", "\\\n", "\n", "\r\n", "--hash=sha256:0", ";", "\x0c", "\u2028"]
)


@given(st.lists(PARTS, max_size=12).map("".join))
@example("a==1 \\\n    --hash=sha256:0 \\\n    # via b\nc # d\n  # e\\\nf\\")
def test_lines_are_those_of_pips_parser(text: str) -> None:
    assert split_lines(text) == [(one[0], one[1]) for one in preprocess(text) if not isinstance(one, CommentLine)]


def test_options_begin_at_the_first_word_with_a_dash() -> None:
    digest = "sha256:" + "a" * 64
    line = parse_line(f"a-b>=1 ; python_version > '3'\t--hash={digest} --hash={digest}")
    assert (line.requirement, line.hashes) == ("a-b>=1 ; python_version > '3'", (digest, digest))
    assert parse_line("-c b").values == {"constraints": ["b"]}
