"""Changing one key of a TOML file while everything else in it stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyve.errors import ConfigInvalidError
from pyve.project.config_editing import set_key, unset_key
from pyve.project.manifests.toml_text import parse_toml

PYPROJECT = """\
[project]
name = "shop"  # ours

[tool.pyve]
# choices
dev = true  # for now

# the linter
[tool.ruff]
line-length = 100
"""


def test_a_new_file_is_written() -> None:
    assert set_key("", ["backend"], "venv", shown="pyve.toml") == 'backend = "venv"\n'
    assert set_key("", ["venv", "system-site-packages"], True, shown="f") == "[venv]\nsystem-site-packages = true\n"


def test_a_new_key_goes_to_the_end_of_its_table_before_the_comment_of_the_next() -> None:
    edited = set_key(PYPROJECT, ["tool", "pyve", "backend"], "venv", shown="f")
    assert edited == PYPROJECT.replace("# for now\n", '# for now\nbackend = "venv"\n')


def test_a_new_table_goes_behind_its_parent() -> None:
    edited = set_key(PYPROJECT, ["tool", "pyve", "venv", "system-site-packages"], True, shown="f")
    assert edited == PYPROJECT.replace("# for now\n", "# for now\n\n[tool.pyve.venv]\nsystem-site-packages = true\n")


def test_a_new_key_at_the_top_goes_before_the_first_table() -> None:
    text = "# mine\n\n# about\n[venv]\nsystem-site-packages = true\n"
    edited = set_key(text, ["dev"], False, shown="f")
    assert edited == f"dev = false\n\n{text}"


def test_a_changed_value_keeps_its_place_and_comment() -> None:
    edited = set_key(PYPROJECT, ["tool", "pyve", "dev"], False, shown="f")
    assert edited == PYPROJECT.replace("dev = true", "dev = false")


def test_a_removed_key_takes_nothing_else_along() -> None:
    edited = unset_key(PYPROJECT, ["tool", "pyve", "dev"], shown="f")
    assert edited == PYPROJECT.replace("dev = true  # for now\n", "")


def test_windows_line_ends_stay() -> None:
    text = PYPROJECT.replace("\n", "\r\n")
    for edited in (
        set_key(text, ["tool", "pyve", "dev"], False, shown="f"),
        set_key(text, ["tool", "pyve", "backend"], "venv", shown="f"),
        unset_key(text, ["tool", "pyve", "dev"], shown="f"),
    ):
        assert edited.count("\n") == edited.count("\r\n")


def test_a_file_without_a_last_line_end_gets_one() -> None:
    assert set_key("dev = true", ["backend"], "venv", shown="f") == 'dev = true\nbackend = "venv"\n'


def test_a_bracket_within_an_array_is_not_taken_for_a_table() -> None:
    text = "extras = [\n  'a',\n]\nmatrix = [\n[1],\n[2],\n]\n\n[venv]\n"
    edited = set_key(text, ["dev"], True, shown="f")
    assert edited == text.replace("\n\n[venv]", "\ndev = true\n\n[venv]")


def test_inline_tables_and_dotted_keys_are_changed_in_place() -> None:
    assert set_key("[tool]\npyve = { dev = true }\n", ["tool", "pyve", "dev"], False, shown="f").startswith(
        "[tool]\npyve = { dev = false"
    )
    assert set_key("venv.system-site-packages = true\n", ["venv", "system-site-packages"], False, shown="f") == (
        "venv.system-site-packages = false\n"
    )


def test_what_cannot_be_changed_safely_is_refused() -> None:
    with pytest.raises(ConfigInvalidError, match="nothing was changed") as raised:
        set_key("[tool]\npyve = { dev = true }\n", ["tool", "pyve", "venv", "system-site-packages"], True, shown="f")
    assert "editor" in (raised.value.hint or "")


STATEMENTS = st.sampled_from(
    ['name = "x"', "# a comment", "", "extras = [\n  'a', # b\n]", "groups = ['''\n[venv]\n''']", "dev = true # c"]
)


@given(
    statements=st.lists(STATEMENTS, unique_by=lambda line: line.partition("=")[0]),
    table=st.sampled_from(["", "\n# t\n[venv]\n", "[venv]\nsystem-site-packages = true", "[other]\nx = 1\n"]),
    keys=st.sampled_from([["backend"], ["dev"], ["extras"], ["venv", "system-site-packages"], ["gc", "days"]]),
    value=st.sampled_from(["venv", True, 3, ["a", "b"], []]),
)
def test_a_change_says_what_was_meant_keeps_every_comment_and_can_be_undone(
    statements: list[str], table: str, keys: list[str], value: str | bool | int | list[str]
) -> None:
    text = "\n".join([*statements, table])
    expected = parse_toml(text)
    was_there = keys[0] in expected and (len(keys) == 1 or keys[1] in expected[keys[0]])
    edited = set_key(text, keys, value, shown="f")
    inner = expected.setdefault(keys[0], {}) if len(keys) == 2 else expected
    inner[keys[-1]] = value
    assert parse_toml(edited) == expected
    if not was_there:
        assert [line for line in text.splitlines() if line not in edited.splitlines()] == []
        del inner[keys[-1]]
        assert parse_toml(unset_key(edited, keys, shown="f")) == expected
