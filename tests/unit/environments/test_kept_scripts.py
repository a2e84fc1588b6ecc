"""Copies of scripts lie in the user's state directory as long as shells source them and the environment is there."""

import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.environments.changes import EnvironmentChanges
from pyve.environments.conda_facts import CondaFacts, ScriptFacts
from pyve.environments.construction import commit_record, new_directory, remove_environment, sweep_unfinished
from pyve.environments.current import Current, read_fields
from pyve.environments.kept_scripts import add_kept_scripts, has_kept_scripts, keep_scripts
from pyve.environments.pointing import Pointing, point, replace_entry
from pyve.environments.record import EnvironmentRecord
from pyve.environments.store import EnvironmentStore
from tests.support.conda_prefix import make_prefix
from tests.support.stored_project import make_record, make_store

FINGERPRINT = "0123456789abcdef" * 4
SOURCED = ScriptFacts(digest="d", reason="they define functions (x)")
FILES = {
    "activate.d/b tool.sh": "b",
    "activate.d/a.sh": "a",
    "activate.d/a.fish": "fish",
    "activate.d/a.bat": "bat",
    "deactivate.d/b tool.sh": "b out",
    "deactivate.d/a.sh": "a out",
}


@pytest.fixture
def store(project: Path, tmp_path: Path) -> EnvironmentStore:
    made = make_store(project, tmp_path / "state")
    made.prepare()
    return made


def build(store: EnvironmentStore, scripts: ScriptFacts = SOURCED) -> EnvironmentRecord:
    """A conda environment with FILES, and its record."""
    with new_directory(store, FINGERPRINT) as directory:
        make_prefix(directory, FILES)
        record = with_scripts(make_record(store, directory, FINGERPRINT), scripts)
        commit_record(store, record)
    return record


def with_scripts(record: EnvironmentRecord, scripts: ScriptFacts) -> EnvironmentRecord:
    return replace(record, backend="micromamba", conda=CondaFacts(subdir="linux-64", scripts=scripts).as_json())


def list_copies(store: EnvironmentStore, record: EnvironmentRecord) -> dict[str, str]:
    top = store.state.scripts / record.key
    return {os.fspath(path.relative_to(top)): path.read_text() for path in sorted(top.rglob("*")) if path.is_file()}


def test_record_brings_copies_in_the_order_of_execution(store: EnvironmentStore) -> None:
    record = build(store)
    assert list_copies(store, record) == {
        os.path.join("activate", "000-a.fish"): "fish",
        os.path.join("activate", "000-a.sh"): "a",
        os.path.join("activate", "001-b_tool.sh"): "b",
        os.path.join("deactivate", "000-b_tool.sh"): "b out",
        os.path.join("deactivate", "001-a.sh"): "a out",
    }
    assert has_kept_scripts(store.state, record)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_copies_are_private(store: EnvironmentStore) -> None:
    build(store)
    for path in [store.state.scripts, *store.state.scripts.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_scripts_whose_effect_is_all_have_no_copies(store: EnvironmentStore) -> None:
    record = build(store, ScriptFacts(digest="d", set={"A": "1"}))
    assert list_copies(store, record) == {}
    assert has_kept_scripts(store.state, record)


def test_script_that_is_left_out_has_no_copy(store: EnvironmentStore) -> None:
    record = build(store, replace(SOURCED, left_out=("activate.d/a.sh", "deactivate.d/a.sh")))
    assert "a" not in list_copies(store, record).values()
    assert "b" in list_copies(store, record).values()


def test_copies_follow_the_scripts(store: EnvironmentStore) -> None:
    record = build(store)
    prefix = Path(record.directory)
    (prefix / "etc/conda/activate.d/a.sh").write_text("new")
    (prefix / "etc/conda/activate.d/b tool.sh").unlink()
    keep_scripts(store.state, record)
    copies = list_copies(store, record)
    assert copies[os.path.join("activate", "000-a.sh")] == "new"
    assert "b" not in copies.values()
    keep_scripts(store.state, with_scripts(record, ScriptFacts()))
    assert list_copies(store, record) == {}


def test_lost_copy_is_noticed(store: EnvironmentStore) -> None:
    record = build(store)
    (store.state.scripts / record.key / "activate" / "000-a.sh").unlink()
    assert not has_kept_scripts(store.state, record)


def test_copies_go_with_the_environment(store: EnvironmentStore) -> None:
    record = build(store)
    remove_environment(store, record.key, fingerprint=FINGERPRINT)
    assert not (store.state.scripts / record.key).exists()


def test_copies_of_an_unfinished_build_are_swept(store: EnvironmentStore) -> None:
    record = build(store)
    store.record_file(record.key).unlink()
    (store.state.builds / record.key).write_text(FINGERPRINT)
    assert sweep_unfinished(store) == [record.key]
    assert not (store.state.scripts / record.key).exists()


def test_what_is_in_use_names_the_copies(store: EnvironmentStore) -> None:
    record = build(store)
    changes = EnvironmentChanges(set={"A": "1"}, conda_prefix=record.directory, sourced=("A",))
    point(store, Pointing(record=record, name="demo", prompt=True, changes=changes, watched={}))
    current = Current(read_fields(os.fspath(store.state.current_file)) or [])
    folder = store.state.scripts / record.key
    assert current.first("conda-prefix") == record.directory
    assert current.every("sourced") == ["A"]
    assert current.scripts("script") == {
        "sh": (os.fspath(folder / "activate" / "000-a.sh"), os.fspath(folder / "activate" / "001-b_tool.sh")),
        "fish": (os.fspath(folder / "activate" / "000-a.fish"),),
    }
    assert [Path(path).name for path in current.scripts("script-on-leaving")["sh"]] == ["000-b_tool.sh", "001-a.sh"]


def test_entry_is_replaced_as_a_whole(store: EnvironmentStore) -> None:
    record = build(store)
    old = add_kept_scripts(
        EnvironmentChanges(set={"A": "1"}, unset=("B",), prepend_path=("/x",), conda_prefix="/p", sourced=("A",)),
        store.state,
        record.key,
    )
    fields = replace_entry([("key", "k")], old)
    assert replace_entry(fields, EnvironmentChanges(set={"A": "2"})) == [("set", "A=2"), ("key", "k")]
