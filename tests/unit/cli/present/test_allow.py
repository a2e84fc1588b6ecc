"""What `pyve allow` shows of a value: the value, and no other one."""

import io

import pytest
from rich.console import Console

from pyve.cli.present.allow import render_allow
from pyve.verbs.allow import AllowResult, ApprovedVariable


def show(value: str) -> str:
    variable = ApprovedVariable(name="A", change="new", value=value, line=1)
    data = AllowResult(
        project="/shop",
        dry_run=True,
        before="unknown",
        environment=None,
        env_file=".env",
        variables=(variable,),
        asks=False,
    )
    stream = io.StringIO()
    Console(file=stream, width=200, markup=False, highlight=False, emoji=False).print(*render_allow(data), sep="\n")
    return stream.getvalue().splitlines()[-1].partition("A=")[2]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "plain"),
        ("two words", "two words"),
        ("it's", "it's"),
        ("l1\nl2", r"'l1\nl2'"),
        (r"l1\nl2", r"'l1\\nl2'"),
        (r"'l1\nl2'", r'''"'l1\\nl2'"'''),
        ("'quoted'", '''"'quoted'"'''),
        ("", "''"),
        (" a", "' a'"),
    ],
)
def test_no_two_values_look_alike(value: str, shown: str) -> None:
    assert show(value) == shown
