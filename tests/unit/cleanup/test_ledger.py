import json
import os
from pathlib import Path

import pytest

from pyve.cleanup.ledger import LedgerEntry, add_entries, forget_entries, is_ledger_whole, read_ledger
from pyve.environments.state import ProjectState
from pyve.errors import StateTooNewError
from tests.support.stored_project import make_store


@pytest.fixture
def state(project: Path, tmp_path: Path) -> ProjectState:
    return make_store(project, tmp_path / "state").state


def link(state: ProjectState) -> LedgerEntry:
    return LedgerEntry(kind="link", path=state.root / ".venv")


def block(state: ProjectState, line: str = "/.pyve/") -> LedgerEntry:
    return LedgerEntry(kind="block", path=state.root / ".gitignore", text=line, created=True)


def test_a_project_without_ledger_has_no_entries(state: ProjectState) -> None:
    assert read_ledger(state) == ()


def test_entries_come_back_as_they_were_added(state: ProjectState) -> None:
    outside = LedgerEntry(kind="exclude-line", path=state.root.parent / ".git" / "info" / "exclude", text="/a/.venv")
    add_entries(state, [link(state), block(state)])
    add_entries(state, [outside])
    assert read_ledger(state) == (link(state), block(state), outside)


def test_an_entry_is_kept_once_however_often_it_is_added(state: ProjectState) -> None:
    add_entries(state, [link(state), link(state)])
    before = state.ledger_file.read_bytes()
    add_entries(state, [link(state)])
    assert state.ledger_file.read_bytes() == before


def test_a_line_torn_by_a_kill_loses_that_entry_alone(state: ProjectState) -> None:
    add_entries(state, [link(state), block(state)])
    state.ledger_file.write_bytes(state.ledger_file.read_bytes()[:-20])
    assert read_ledger(state) == (link(state),)
    add_entries(state, [block(state, "/.venv")])
    assert read_ledger(state) == (link(state), block(state, "/.venv"))


def test_forgotten_entries_are_gone_and_an_empty_ledger_is_a_whole_one(state: ProjectState) -> None:
    add_entries(state, [link(state), block(state)])
    forget_entries(state, [link(state)])
    assert read_ledger(state) == (block(state),)
    forget_entries(state, [block(state)])
    assert read_ledger(state) == ()
    state.current_file.write_bytes(b"")
    assert is_ledger_whole(state)
    state.ledger_file.unlink()
    assert not is_ledger_whole(state)


@pytest.mark.posix("names are text on Windows")
def test_names_that_are_no_text_survive(tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"caf\xe9")
    root.mkdir()
    state = make_store(root, tmp_path / "state").state
    output = LedgerEntry(kind="build-output", path=root / os.fsdecode(b"\xff.egg-info"))
    add_entries(state, [output])
    assert read_ledger(state) == (output,)


@pytest.mark.parametrize(
    ("kind", "path", "text"),
    [
        ("folder", "/home/somebody", ""),
        ("folder", "src", ""),
        ("folder", ".", ""),
        ("folder", "../other/.pyve", ""),
        ("link", "bin", ""),
        ("file", "requirements.txt", "0" * 64),
        ("file", ".pyve/../requirements.txt", ""),
        ("build-output", "src", ""),
        ("build-output", "/etc/x.egg-info", ""),
        ("build-output", "a/b/c.egg-info", ""),
        ("block", "README.md", "a line"),
        ("exclude-line", "/etc/passwd", "root"),
        ("store-folder", "/home/somebody", ""),
        ("moved-aside", ".venv", "src"),
        ("moved-aside", ".venv", "../.venv.before-pyve"),
        ("moved-aside", "src", ".venv.before-pyve"),
        ("build-watch", ".pyve", "nonsense"),
        ("anything", ".pyve", ""),
        ("link", "", ""),
    ],
)
def test_an_entry_that_pyve_cannot_have_written_is_not_believed(
    state: ProjectState, kind: str, path: str, text: str
) -> None:
    line = json.dumps({"format": 1, "kind": kind, "path": path, "text": text})
    state.ledger_file.write_text(f"{line}\n[]\nnull\n{{}}\n")
    assert read_ledger(state) == ()


def test_a_ledger_of_a_newer_pyve_is_not_guessed_at(state: ProjectState) -> None:
    state.ledger_file.write_text(json.dumps({"format": 2, "kind": "link", "path": ".venv"}) + "\n")
    with pytest.raises(StateTooNewError):
        read_ledger(state)


def test_an_entry_that_no_reader_would_believe_is_not_written(state: ProjectState) -> None:
    with pytest.raises(ValueError, match="ledger"):
        add_entries(state, [LedgerEntry(kind="folder", path=state.root / "src")])
