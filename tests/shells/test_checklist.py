"""The checklist is whole, and every test that it names is there."""

import ast
from pathlib import Path

import pytest

from tests.shells.checklist import CHECKLIST

TESTS = Path(__file__).resolve().parents[1]


def _tests_of(stem: str) -> set[str]:
    (file, *others) = [*TESTS.glob(f"shells/{stem}.py")] or sorted(TESTS.glob(f"**/{stem}.py"))
    assert others == [], f"{stem} is more than one file"
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_line_is_there() -> None:
    assert list(CHECKLIST) == list(range(1, 57))


@pytest.mark.parametrize("number", CHECKLIST)
def test_a_line_names_tests_that_are_there_or_says_why_not(number: int) -> None:
    line = CHECKLIST[number]
    assert line.tests or line.reason
    for test in line.tests:
        stem, _, name = test.partition("::")
        assert name in _tests_of(stem), f"line {number} names {test}, which is not there"
