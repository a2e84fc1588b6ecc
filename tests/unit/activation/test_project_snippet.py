"""From what is in use to what shells are told: conda prefixes, and scripts that shells source."""

import os
from pathlib import Path

import pytest

from pyve.activation.dialects import DIALECTS
from pyve.activation.project_snippet import compose_snippet
from pyve.activation.snippet import Snippet, render_snippet
from pyve.environments.current import encode
from pyve.environments.state import ProjectState, state_of_project

FIELDS = [
    ("key", "k"),
    ("name", "demo"),
    ("set", "CONDA_PREFIX=/p"),
    ("set", "MARK=1"),
    ("unset", "PYTHONHOME"),
    ("unset", "GONE"),
    ("prepend", "/p/extra"),
    ("prepend", "/p/bin"),
    ("conda-prefix", "/p"),
    ("sourced", "MARK"),
    ("sourced", "GONE"),
    ("script", "sh /s/000 a.sh"),
    ("script", "sh /s/001-b.sh"),
    ("script", "ps1 /s/000-a.ps1"),
    ("script-on-leaving", "sh /s/out.sh"),
]


@pytest.fixture
def state(project: Path, tmp_path: Path) -> ProjectState:
    made = state_of_project(os.fspath(tmp_path / "state"), project)
    made.register()
    return made


def compose(state: ProjectState, fields: list[tuple[str, str]]) -> Snippet:
    state.current_file.write_bytes(encode(fields))
    return compose_snippet(state)[0]


def test_what_scripts_do_is_told_apart(state: ProjectState) -> None:
    snippet = compose(state, FIELDS)
    assert (snippet.set, snippet.unset) == ({"CONDA_PREFIX": "/p"}, ("PYTHONHOME",))
    assert (snippet.sourced, snippet.sourced_unset) == ({"MARK": "1"}, ("GONE",))
    assert snippet.conda == "/p"
    assert snippet.scripts == {"sh": ("/s/000 a.sh", "/s/001-b.sh"), "ps1": ("/s/000-a.ps1",)}
    assert snippet.scripts_on_leaving == {"sh": ("/s/out.sh",)}


def test_environment_without_scripts_to_source_gets_all_by_value(state: ProjectState) -> None:
    plain = [field for field in FIELDS if not field[0].startswith(("script", "sourced"))]
    snippet = compose(state, plain)
    assert snippet.set == {"CONDA_PREFIX": "/p", "MARK": "1"}
    assert snippet.unset == ("PYTHONHOME", "GONE")
    assert (snippet.sourced, snippet.scripts) == ({}, {})


def test_shell_for_which_there_is_no_script_gets_what_the_others_source_by_value(state: ProjectState) -> None:
    snippet = compose(state, FIELDS)
    told = {name: b"MARK" in render_snippet(snippet, dialect) for name, dialect in DIALECTS.items()}
    assert told == {"bash": False, "zsh": False, "fish": True, "pwsh": False}


def test_prefix_without_python_is_known_by_its_packages(state: ProjectState, tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    (prefix / "conda-meta").mkdir(parents=True)
    fields = [("key", "k"), ("prepend", os.fspath(prefix / "bin")), ("conda-prefix", os.fspath(prefix))]
    assert compose(state, fields).probe == os.fspath(prefix / "conda-meta")
    (prefix / "bin").mkdir()
    (prefix / "bin" / "python").touch()
    assert compose(state, fields).probe == os.fspath(prefix / "bin" / "python")
