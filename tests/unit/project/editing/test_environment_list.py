"""environment.yml: a line more or less, and no other one touched."""

from pathlib import Path

import pytest

from pyve.errors.lock import DeclarationNotEditableError
from pyve.project.editing.asked_package import (
    AskedPackage,
    is_for_pip,
    merge_requirement,
    merge_spec,
    parse_asked_spec,
)
from pyve.project.editing.environment_list import CondaList
from pyve.project.editing.list_change import put_package, take_package
from pyve.project.editing.pip_section import PipSection

CONDA = CondaList(shown="environment.yml")
PIP = PipSection(shown="environment.yml", root=Path("/nowhere"))
WHOLE = """\
name:   odd    # spacing
channels: [conda-forge,   other]
dependencies:
    - python =3.12   # the language
    - "numpy>=1"
    - pywin32   # [win]
    - sel(osx): appnope
    - pip
    - pip:
        - httpx[http2]  # with it
        - -r more.txt
variables: {A: 'b'}
"""


def add_spec(text: str, typed: str) -> str:
    return put_package(CONDA, text, parse_asked_spec(typed), merge_spec)[0]


def add_pip(text: str, typed: str, name: str) -> str:
    return put_package(PIP, text, AskedPackage(text=typed, name=name), merge_requirement)[0]


def test_new_package_comes_before_the_pip_section() -> None:
    assert add_spec(WHOLE, "zlib") == WHOLE.replace("    - pip\n", "    - zlib\n    - pip\n", 1)


@pytest.mark.parametrize(
    ("typed", "old", "new"),
    [
        ("python=3.13", "- python =3.12 ", "- python=3.13 "),
        ("numpy>=2", '"numpy>=1"', '"numpy>=2"'),
        ("conda-forge::numpy", '"numpy>=1"', '"conda-forge::numpy>=1"'),
        ("python", "python", "python"),
        ("NumPy >=1", "numpy", "numpy"),
    ],
)
def test_package_that_is_declared_is_changed_in_its_line(typed: str, old: str, new: str) -> None:
    if typed.lower() == "numpy >=1":
        new, old = '"NumPy >=1"', '"numpy>=1"'  # the same version, spelt anew
    assert add_spec(WHOLE, typed) == WHOLE.replace(old, new, 1)


def test_package_for_some_platforms_is_not_changed_for_all() -> None:
    with pytest.raises(DeclarationNotEditableError, match=r"environment.yml:6 .*\[win\]"):
        add_spec(WHOLE, "pywin32>=300")
    with pytest.raises(DeclarationNotEditableError, match=r"environment.yml:7 .*sel\(osx\)"):
        add_spec(WHOLE, "appnope>=1")
    assert take_package(CONDA, WHOLE, "appnope")[0] == WHOLE.replace("    - sel(osx): appnope\n", "")


def test_pip_package_comes_into_the_section_and_goes_again() -> None:
    added = add_pip(WHOLE, "six>=1; python_version < '4'", "six")

    assert added == WHOLE.replace(
        "        - -r more.txt\n", "        - -r more.txt\n        - 'six>=1; python_version < ''4'''\n"
    )
    assert take_package(PIP, added, "six")[0] == WHOLE


def test_section_is_made_with_pip_itself() -> None:
    text = "dependencies:\n- python\n- numpy\nname: x\n"

    assert add_pip(text, "six", "six") == "dependencies:\n- python\n- numpy\n- pip\n- pip:\n    - six\nname: x\n"


def test_section_without_entries_goes() -> None:
    text = "dependencies:\n  - pip\n  - pip:\n      - six  # only\n  - numpy\n"

    assert take_package(PIP, text, "six")[0] == "dependencies:\n  - pip\n  - numpy\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dependencies: []\n", "dependencies:\n  - six\n"),
        ("dependencies:\nname: x\n", "dependencies:\n  - six\nname: x\n"),
        ("dependencies:   # none\n", "dependencies:   # none\n  - six\n"),
        ("dependencies: [python, pip: [x]]\n", "dependencies: [python, six, pip: [x]]\n"),
        ("dependencies: [\n  python,\n  zlib,\n]\n", "dependencies: [\n  python,\n  six,\n  zlib,\n]\n"),
        ("dependencies:\n  - a\n  # last\n", "dependencies:\n  - a\n  - six\n  # last\n"),
        ("\ufeffdependencies:\n  - a".lstrip("\ufeff"), "dependencies:\n  - a\n  - six"),
    ],
)
def test_lists_of_every_form_take_one_more(text: str, expected: str) -> None:
    assert add_spec(text, "six") == expected


def test_emptied_list_stays_a_list() -> None:
    assert take_package(CONDA, "dependencies:  # all\n  - six\n", "six")[0] == "dependencies: []  # all\n"


@pytest.mark.parametrize(
    "text",
    [
        "name: x\n",
        "dependencies: six\n",
        "x: &deps [a]\ndependencies: *deps\n",
        "x: &one six\ndependencies:\n  - *one\n",
    ],
)
def test_what_cannot_be_changed_alone_is_refused(text: str) -> None:
    with pytest.raises(DeclarationNotEditableError):
        add_spec(text, "six>=1")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("httpx[http2]", True),
        ("git+https://h.example/x.git", True),
        ("./tool", True),
        (r"C:\src\tool", True),
        (r"..\tool", True),
        ("C:/src/tool", True),
        ("six; python_version < '3.9'", True),
        ("six @ https://h.example/six.whl", True),
        ("numpy[version='>=1']", False),
        ("conda-forge::six", False),
        ("https://h.example/noarch/six-1-0.conda", False),
        ("numpy>=1,<2", False),
    ],
)
def test_what_only_pip_takes_is_told_apart(typed: str, *, expected: bool) -> None:
    assert is_for_pip(typed) is expected
