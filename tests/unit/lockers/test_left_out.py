"""Requirements whose markers hold nowhere that a lock is made for."""

import pytest

from pyve.lockers.left_out import tell_left_out
from pyve.lockers.locker import LockPython
from pyve.project.requirement import Requirement


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("a ; sys_platform == 'win32'", "linux-64, osx-64"),
        ("a ; python_version < '3.9'", "Python >=3.11"),
        ("a @ https://a.example/a.whl ; os_name == 'nt'", "linux-64, osx-64"),
        ("a ; platform_python_implementation == 'PyPy'", None),
        ("a ; python_version >= '3.14'", None),
        ("a ; extra == 'x'", "linux-64, osx-64"),
        ("a", None),
    ],
)
def test_requirements_that_hold_nowhere_are_named(line: str, where: str | None) -> None:
    python = LockPython(specifier=">=3.11", oldest="3.11", interpreter=None, source="")
    requirement = Requirement(line=line, canonical=line, origin="requirements.in:7", name="a")
    told = list(tell_left_out([requirement], ("linux-64", "osx-64"), python))
    assert len(told) == (where is not None)
    for sentence in told:
        assert sentence.startswith("requirements.in:7: a ")
        assert (where or "") in sentence
