"""Snippets as they are written from a project's state."""

import os
import re
from pathlib import Path

import pytest

from pyve.activation.project_snippet import compose_snippet
from pyve.activation.snippet_files import write_snippets
from pyve.environments.snippet_places import remove_snippets
from pyve.environments.store import EnvironmentStore
from pyve.errors import PyveError
from tests.support.stored_project import initialise, make_store


@pytest.fixture
def store(tmp_path: Path) -> EnvironmentStore:
    root = tmp_path / "project"
    root.mkdir()
    made = make_store(root, tmp_path / "state")
    initialise(made)
    return made


def snippets(store: EnvironmentStore) -> list[str]:
    return sorted(path.name for path in store.state.directory.parent.glob("@act.*"))


def test_one_snippet_for_each_dialect_is_written(store: EnvironmentStore) -> None:
    write_snippets(store.state)
    assert snippets(store) == ["@act.bash", "@act.fish", "@act.ps1", "@act.zsh"]


def test_denied_project_loses_its_snippets_and_gets_none(store: EnvironmentStore) -> None:
    write_snippets(store.state)
    store.state.denied_file.touch()
    write_snippets(store.state)
    assert snippets(store) == []


def test_removing_snippets_leaves_the_state(store: EnvironmentStore) -> None:
    write_snippets(store.state)
    remove_snippets(store.state)
    assert snippets(store) == []
    assert store.state.current_file.exists()
    assert list(store.state.directory.glob("reference-*")) == []


def test_only_the_references_of_what_is_said_now_stay(store: EnvironmentStore) -> None:
    write_snippets(store.state)
    write_snippets(store.state, notice="something")
    references = sorted(path.name for path in store.state.directory.glob("reference-*"))
    assert len(references) == 2
    assert references[1] == f"{references[0]}.coarse"


@pytest.mark.posix("a table of Linux, with paths as there")
def test_project_on_a_network_is_watched_on_cd_alone(store: EnvironmentStore, tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    line = f"36 25 0:30 / {tmp_path} rw,relatime shared:1 - nfs4 server:/home rw\n"
    table.write_text("25 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + line, encoding="utf-8")
    assert compose_snippet(store.state, mounts=table)[0].watch_on_cd
    table.write_text("25 1 8:1 / / rw - ext4 /dev/sda1 rw\n", encoding="utf-8")
    assert not compose_snippet(store.state, mounts=table)[0].watch_on_cd


@pytest.mark.posix("links need a privilege on Windows")
def test_alias_that_leads_elsewhere_by_now_loses_its_snippet(store: EnvironmentStore, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(store.state.root)
    write_snippets(store.state, alias=os.fspath(link))
    mirrored = tmp_path / "state" / "projects" / link.relative_to("/")
    assert (mirrored / "@act.bash").exists()
    link.unlink()
    link.symlink_to(tmp_path)
    write_snippets(store.state)
    assert not (mirrored / "@act.bash").exists()


@pytest.mark.posix("no name holds an escape on Windows")
def test_name_cannot_move_the_cursor(tmp_path: Path) -> None:
    root = tmp_path / "evil\x1b[2J\u202ename"
    root.mkdir()
    store = make_store(root, tmp_path / "state")
    initialise(store)
    store.state.current_file.write_bytes(
        re.sub(rb"\0name=[^\0]*\0", os.fsencode(f"\0name={root.name}\0"), store.state.current_file.read_bytes())
    )
    assert compose_snippet(store.state)[0].prompt == "(evil?[2J?name) "


def test_registered_project_without_an_environment_says_what_to_type(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    snippet, _ = compose_snippet(make_store(root, tmp_path / "state").state)
    assert (snippet.probe, snippet.bin, snippet.prompt) == ("", (), "")
    assert "pyve sync" in snippet.notice


def test_edit_after_the_files_were_read_makes_shells_ask(store: EnvironmentStore) -> None:
    manifest = store.state.root / "requirements.txt"
    manifest.write_text("alpha\n", encoding="utf-8")
    content = store.state.current_file.read_bytes()
    store.state.current_file.write_bytes(content + b"watch=1:1:1 0 requirements.txt\0")
    write_snippets(store.state)
    for reference in store.state.directory.glob("reference-*"):
        assert reference.stat().st_mtime_ns < manifest.stat().st_mtime_ns - 10**9


@pytest.mark.posix("links need a privilege on Windows")
def test_snippet_of_an_alias_is_taken_back_although_writing_the_others_failed(
    store: EnvironmentStore, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(store.state.root)
    mirrored = tmp_path / "state" / "projects" / link.relative_to("/")
    (mirrored / "@act.zsh").mkdir(parents=True)
    with pytest.raises((PyveError, OSError)):
        write_snippets(store.state, alias=os.fspath(link))
    assert (mirrored / "@act.bash").exists()
    (mirrored / "@act.zsh").rmdir()
    remove_snippets(store.state)
    assert not mirrored.exists()


def test_shells_look_at_each_prompt_after_writing_failed(store: EnvironmentStore, tmp_path: Path) -> None:
    (store.state.directory.parent / "@act.zsh").mkdir()
    with pytest.raises((PyveError, OSError)):
        write_snippets(store.state)
    assert not list((tmp_path / "state").glob("generations/*"))
    (store.state.directory.parent / "@act.zsh").rmdir()
    write_snippets(store.state)
    assert len(list((tmp_path / "state").glob("generations/*"))) == 1
