"""Which source trees uv is told to build anew."""

from pathlib import Path

import pytest

from pyve.engines.install_plan import InstallCall
from pyve.engines.local_sources import read_distribution_names, reinstall_arguments
from pyve.project.requirement import Requirement


def call_for(line: str, *, name: str | None, editable: bool = False) -> InstallCall:
    one = Requirement(line=line, canonical=line, origin="requirements.txt:1", name=name, editable=editable)
    return InstallCall(name="requirements", requirements=(one,))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", '[project]\nname = "My_Lib"\n'),
        ("pyproject.toml", '[tool.poetry]\nname = "my.lib"\n'),
        ("setup.cfg", "[metadata]\nname = my-lib\n"),
        ("setup.py", "import setuptools\nsetuptools.setup(name='my_lib', version='1')\n"),
    ],
)
def test_name_is_read_without_running_anything(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert read_distribution_names(tmp_path) == {"my-lib"}


@pytest.mark.parametrize(
    ("file", "text"), [("pyproject.toml", "[project"), ("setup.cfg", "["), ("setup.py", "setup(name=NAME")]
)
def test_broken_file_gives_no_name(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert read_distribution_names(tmp_path) == set()


def test_packages_of_an_index_are_left_to_the_cache() -> None:
    assert reinstall_arguments(call_for("alpha==1.0", name="alpha")) == []


def test_repository_on_this_machine_is_left_to_the_cache(tmp_path: Path) -> None:
    assert reinstall_arguments(call_for(f"alpha @ git+{tmp_path.as_uri()}", name="alpha")) == []


def test_tree_is_built_anew_by_its_name(tmp_path: Path) -> None:
    tree = tmp_path / "a b#c"
    tree.mkdir()
    call = call_for(f'lib[more] @ {tree.as_uri()} ; python_version > "3"', name="lib")
    assert reinstall_arguments(call) == ["--reinstall-package", "lib"]


def test_editable_with_extras_is_built_anew_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text("[metadata]\nname = lib\n", encoding="utf-8")
    call = call_for(f"{tmp_path.as_uri()}[more]", name=None, editable=True)
    assert reinstall_arguments(call) == ["--reinstall-package", "lib"]


def test_tree_without_a_readable_name_has_everything_looked_at_anew(tmp_path: Path) -> None:
    assert reinstall_arguments(InstallCall(name="project", editable_project=tmp_path)) == ["--reinstall"]
