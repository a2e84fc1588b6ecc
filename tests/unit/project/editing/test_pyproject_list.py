"""pyproject.toml: only the one list changes, in the layout that it has."""

from pathlib import Path

import pytest

from pyve.errors.lock import DeclarationNotEditableError
from pyve.project.editing.asked_package import AskedPackage, merge_requirement
from pyve.project.editing.list_change import put_package, take_package
from pyve.project.editing.pyproject_list import PyprojectList

MAIN = ("project", "dependencies")
DEV = ("dependency-groups", "dev")
NEW = AskedPackage(text="new>=1", name="new")


def places(keys: tuple[str, ...] = MAIN) -> PyprojectList:
    return PyprojectList(shown="pyproject.toml", keys=keys, root=Path("/nowhere"))


def put(text: str, keys: tuple[str, ...] = MAIN, asked: AskedPackage = NEW) -> str:
    return put_package(places(keys), text, asked, merge_requirement)[0]


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        ("[]", '[\n    "new>=1",\n]'),
        ('["a"]', '["a", "new>=1"]'),
        ('["a",]', '["a", "new>=1",]'),
        ('["z", "a"]', '["z", "a", "new>=1"]'),
        ('["a", "z"]', '["a", "new>=1", "z"]'),
        ("['z', 'a']", "['z', 'a', 'new>=1']"),
        ('[\n  "a", # one\n  "z"\n]', '[\n  "a", # one\n  "new>=1",\n  "z"\n]'),
        ('[\n  "z",\n  "a" # one\n]', '[\n  "z",\n  "a", # one\n  "new>=1"\n]'),
        ('[\n\t"z",\n\t"a",\n\t# "b",\n]', '[\n\t"z",\n\t"a",\n\t"new>=1",\n\t# "b",\n]'),
        ("[ # none yet\n]", '[ # none yet\n    "new>=1",\n]'),
    ],
)
def test_new_entry_takes_the_layout_of_the_list(array: str, expected: str) -> None:
    text = f'[project]\nname = "own"  # so\ndependencies = {array} # all\n\n[tool.x]\ny = [ "new" ]\n'

    assert put(text) == text.replace(array, expected, 1)


def test_list_that_is_not_there_is_made_in_its_table() -> None:
    text = '[project]\nname = "own"\n\n# tools\n[tool.x]\ny = 1\n'

    assert put(text) == text.replace('"own"\n', '"own"\ndependencies = [\n    "new>=1",\n]\n')
    assert put(text, DEV) == text + '\n[dependency-groups]\ndev = [\n    "new>=1",\n]\n'


def test_group_keeps_what_it_includes() -> None:
    text = '[dependency-groups]\ntest = ["a"]\ndev = [{ include-group = "test" }, "b"]\n'

    assert put(text, DEV) == text.replace('"b"]', '"b", "new>=1"]')
    assert take_package(places(DEV), text, "b")[0] == text.replace(', "b"]', "]")


def test_marker_with_quotes_is_written_so_that_toml_holds_it() -> None:
    text = '[project]\nname = "own"\ndependencies = ["a"]\n'
    marker = AskedPackage(text='new; os_name == "nt"', name="new")
    both = AskedPackage(text='new; os_name == "n\'"', name="new")

    assert "'new; os_name == \"nt\"'" in put(text, asked=marker)
    assert '"new; os_name == \\"n\'\\""' in put(text, asked=both)


def test_line_ends_of_both_kinds_stay() -> None:
    text = '[project]\r\nname = "own"\n\r\n[tool.x]\ny = 1'

    changed = put(text, DEV)

    assert changed.startswith('[project]\r\nname = "own"\n\r\n[tool.x]\ny = 1')
    assert put(text).replace('dependencies = [\n    "new>=1",\n]\n', "") == text


def test_list_in_an_inline_table_and_behind_dots_is_found() -> None:
    inline = 'project = { name = "own", optional-dependencies = { more = ["a"] } }\n'
    dotted = 'project.name = "own"\nproject.dependencies = ["a"]\n'

    assert '["a", "new>=1"]' in put(inline, ("project", "optional-dependencies", "more"))
    assert '["a", "new>=1"]' in put(dotted)


def test_emptied_list_stays() -> None:
    text = '[project]\nname = "own"\ndependencies = [\n    "a", # last\n]\n'

    assert take_package(places(), text, "a")[0] == '[project]\nname = "own"\ndependencies = []\n'


def test_two_entries_for_one_package_are_refused_with_their_lines() -> None:
    text = "[project]\nname = 'own'\ndependencies = [\n  \"new<1; os_name == 'nt'\",\n  'New>1',\n]\n"

    with pytest.raises(DeclarationNotEditableError, match=r"pyproject.toml:4 .*pyproject.toml:5 "):
        put(text)
