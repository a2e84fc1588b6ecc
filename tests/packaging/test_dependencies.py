"""What is installed with pyve, and where: nothing that would have to be compiled first."""

import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def is_wanted(name: str, *, machine: str, implementation: str = "CPython") -> bool:
    declared = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    (requirement,) = (one for one in map(Requirement, declared) if one.name == name)
    assert requirement.marker is not None
    return requirement.marker.evaluate({"platform_machine": machine, "platform_python_implementation": implementation})


@pytest.mark.parametrize("name", ["py-rattler", "ruamel.yaml.clib"])
@pytest.mark.parametrize("machine", ["x86_64", "AMD64", "aarch64", "arm64"])
def test_wheels_are_taken_where_there_are_some(name: str, machine: str) -> None:
    assert is_wanted(name, machine=machine)
    assert not is_wanted(name, machine=machine, implementation="PyPy")


@pytest.mark.parametrize("machine", ["s390x", "riscv64", "armv7l", "i686", "x86", ""])
def test_pyve_is_installed_without_them_where_there_are_none(machine: str) -> None:
    assert not is_wanted("py-rattler", machine=machine)
    assert not is_wanted("ruamel.yaml.clib", machine=machine)


@pytest.mark.parametrize("machine", ["ARM64", "ppc64le"])
def test_one_of_the_two_has_wheels_for_some_more(machine: str) -> None:
    assert is_wanted("py-rattler", machine=machine)
    assert not is_wanted("ruamel.yaml.clib", machine=machine)
