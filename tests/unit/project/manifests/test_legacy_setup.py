"""setup.py and setup.cfg are recognised without running anything."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.errors import ManifestInvalidError, PyveError
from pyve.project.manifests.legacy_setup import read_legacy_setup


def write(root: Path, name: str, text: str) -> None:
    (root / name).write_text(text, encoding="utf-8")


def test_nothing_there_is_no_build_system(tmp_path: Path) -> None:
    assert read_legacy_setup(tmp_path).source is None


def test_setup_cfg_counts_when_it_describes_a_project(tmp_path: Path) -> None:
    write(tmp_path, "setup.cfg", "[flake8]\nignore = %E1\n")
    assert read_legacy_setup(tmp_path).source is None
    write(tmp_path, "setup.cfg", "[metadata]\nname = a\n[options]\npython_requires = >=3.9\n")
    found = read_legacy_setup(tmp_path)
    assert found.source == "setup.cfg"
    assert found.requires_python == ">=3.9"


def test_setup_py_is_not_run(tmp_path: Path) -> None:
    write(tmp_path, "setup.py", f"open({str(tmp_path / 'ran')!r}, 'w')\nraise SystemExit\n")
    assert read_legacy_setup(tmp_path).source == "setup.py"
    assert not (tmp_path / "ran").exists()


def test_files_of_the_project_that_they_name_are_found(tmp_path: Path) -> None:
    for name in ("needs.txt", "extra.in", "README.txt"):
        write(tmp_path, name, "")
    write(tmp_path, "setup.py", "open('needs.txt'); open('gone.txt'); open('../outside.txt'); open('README.txt')")
    write(tmp_path, "setup.cfg", "[options]\n[options.extras_require]\nx = file: extra.in\n")
    write(tmp_path.parent, "outside.txt", "")
    assert read_legacy_setup(tmp_path).named_files == ("needs.txt", "extra.in")


@pytest.mark.parametrize(
    ("text", "place"),
    [("a = 1\n", "setup.cfg:1"), ("[a]\nb = 1\n[a]\n", "setup.cfg:3"), ("[a]\nb\nc: 1\n", "setup.cfg:2")],
)
def test_a_mistake_in_setup_cfg_names_its_line(tmp_path: Path, text: str, place: str) -> None:
    write(tmp_path, "setup.cfg", text)
    with pytest.raises(ManifestInvalidError) as caught:
        read_legacy_setup(tmp_path)
    assert caught.value.message.startswith(f"{place}:")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(alphabet="[]=:ab.\n \t%;#file,options\x00'\"é", max_size=40))
def test_any_text_is_read_or_refused_with_a_message(tmp_path: Path, text: str) -> None:
    failure: PyveError | None = None
    for name in ("setup.py", "setup.cfg"):
        write(tmp_path, name, text)
    try:
        read_legacy_setup(tmp_path)
    except PyveError as error:
        failure = error
    assert failure is None or failure.message.startswith("setup.cfg")
