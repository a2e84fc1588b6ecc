"""Entering a conda prefix: its variables as conda reads them, its entries of PATH, what is left alone."""

import json
import os
from pathlib import Path

import pytest

from pyve.environments.conda_entry import (
    list_path_entries,
    make_entry,
    prefix_sentinels,
    read_prefix_variables,
    write_prefix_variables,
)
from pyve.environments.conda_facts import CondaFacts, ScriptFacts, facts_from_json
from pyve.environments.current import stat_signature
from pyve.environments.prefix_scripts import digest_scripts, find_scripts
from tests.support.conda_prefix import make_prefix, make_variable_file


def test_files_of_packages_are_read_by_name_and_the_state_wins(tmp_path: Path) -> None:
    prefix = make_prefix(
        tmp_path / "prefix",
        {
            "env_vars.d/b.json": make_variable_file({"SECOND": "b", "BOTH": "b", "GONE": "b"}),
            "env_vars.d/a.json": make_variable_file({"BOTH": "a", "FIRST": "a é\n'"}),
            "env_vars.d/not.txt": "no",
            "conda-meta/state": json.dumps({"env_vars": {"BOTH": "state", "GONE": "***unset***"}}),
        },
    )
    assert read_prefix_variables(prefix) == ({"SECOND": "b", "BOTH": "state", "FIRST": "a é\n'"}, ())


def test_prefix_without_variables_has_none(tmp_path: Path) -> None:
    assert read_prefix_variables(make_prefix(tmp_path / "prefix")) == ({}, ())


@pytest.mark.parametrize("content", ["[" * 100_000, "1" * 5000, '{"A": NaN}', "[]", '"a"', " " * (5 << 20)])
def test_file_that_holds_no_variables_is_left_out_and_named(tmp_path: Path, content: str) -> None:
    files = {"env_vars.d/a.json": make_variable_file({"A": "1"}), "env_vars.d/b.json": content}
    variables, (note,) = read_prefix_variables(make_prefix(tmp_path / "prefix", files))
    assert variables == {"A": "1"}
    assert "b.json" in note
    assert "left out" in note


@pytest.mark.posix("devices that never end")
@pytest.mark.parametrize("place", ["conda-meta/state", "env_vars.d/b.json"])
def test_link_to_a_device_is_left_out_and_named(tmp_path: Path, place: str) -> None:
    prefix = make_prefix(tmp_path / "prefix", {"env_vars.d/a.json": make_variable_file({"A": "1"}), place: "{}"})
    (file,) = prefix.rglob(Path(place).name)
    file.unlink()
    file.symlink_to("/dev/zero")
    variables, (note,) = read_prefix_variables(prefix)
    assert variables == {"A": "1"}
    assert "it is not a regular file" in note


def test_value_that_no_process_can_be_given_is_left_out(tmp_path: Path) -> None:
    content = '{"A": "\\ud800", "B": "b"}'
    variables, (note,) = read_prefix_variables(make_prefix(tmp_path / "prefix", {"env_vars.d/a.json": content}))
    assert variables == {"B": "b"}
    assert "sets A, which is left out" in note


def test_names_are_in_capitals_as_conda_sets_them(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path / "prefix", {"env_vars.d/a.json": make_variable_file({"my_name": "1"})})
    assert read_prefix_variables(prefix) == ({"MY_NAME": "1"}, ())


@pytest.mark.parametrize(
    "name", ["PATH", "LD_PRELOAD", "CONDA_PREFIX", "CONDA_SHLVL", "PS1", "HOME", "path", "PYVE_STATE_DIR", "a-b", "A B"]
)
def test_variable_that_no_file_may_set_is_left_out_and_told(tmp_path: Path, name: str) -> None:
    prefix = make_prefix(tmp_path / "prefix", {"env_vars.d/a.json": make_variable_file({name: "x", "GOOD": "1"})})
    variables, notes = read_prefix_variables(prefix)
    assert variables == {"GOOD": "1"}
    assert f"a.json sets {name}, which is left out" in notes[0]


@pytest.mark.parametrize("value", [1, None, ["x"], "x\0y"])
def test_value_that_is_no_text_is_left_out_and_told(tmp_path: Path, value: object) -> None:
    prefix = make_prefix(tmp_path / "prefix", {"env_vars.d/a.json": make_variable_file({"A": value})})
    variables, notes = read_prefix_variables(prefix)
    assert variables == {}
    assert "its value" in notes[0]


@pytest.mark.parametrize("text", ["{", "[1]", "", '{"env_vars": ["A"]}', "\udcff{"])
def test_broken_state_is_told_and_others_are_read(tmp_path: Path, text: str) -> None:
    prefix = make_prefix(
        tmp_path / "prefix", {"env_vars.d/a.json": make_variable_file({"A": "1"}), "conda-meta/state": text}
    )
    variables, notes = read_prefix_variables(prefix)
    assert variables == {"A": "1"}
    assert len(notes) == 1
    assert f"{prefix / 'conda-meta' / 'state'} are left out" in notes[0]


def test_written_variables_are_read_again_and_the_rest_of_the_state_stays(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path / "prefix", {"conda-meta/state": '{"version": 1, "env_vars": {"OLD": "1"}}'})
    write_prefix_variables(prefix, {"NEW": "é 'x'"})
    assert read_prefix_variables(prefix) == ({"NEW": "é 'x'"}, ())
    assert json.loads((prefix / "conda-meta" / "state").read_text("utf-8"))["version"] == 1


def test_no_variables_write_no_state(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path / "prefix")
    write_prefix_variables(prefix, {})
    assert not (prefix / "conda-meta" / "state").exists()


def test_entry_names_the_prefix_and_the_project(tmp_path: Path) -> None:
    changes = make_entry(tmp_path, {"A": "1"}, ScriptFacts(), name="demo")
    assert changes.set == {
        "A": "1",
        "CONDA_PREFIX": os.fspath(tmp_path),
        "CONDA_DEFAULT_ENV": "demo",
        "CONDA_PROMPT_MODIFIER": "(demo) ",
    }
    assert (changes.unset, changes.prepend_path) == (("PYTHONHOME",), list_path_entries(tmp_path))
    assert (changes.conda_prefix, changes.sourced) == (os.fspath(tmp_path), ())


def test_scripts_win_over_variables_and_go_first_on_path_but_never_over_the_prefix(tmp_path: Path) -> None:
    scripts = ScriptFacts(
        set={"A": "script", "CONDA_PREFIX": "/x"}, unset=("B", "CONDA_DEFAULT_ENV"), prepend_path=("/extra",)
    )
    changes = make_entry(tmp_path, {"A": "1", "B": "2"}, scripts, name="demo", has_python=False)
    assert changes.set["A"] == "script"
    assert changes.set["CONDA_PREFIX"] == os.fspath(tmp_path)
    assert "B" not in changes.set
    assert changes.unset == ("B",)
    assert changes.prepend_path == ("/extra", *list_path_entries(tmp_path))


def test_effect_of_scripts_is_marked_where_shells_source_them(tmp_path: Path) -> None:
    scripts = ScriptFacts(set={"A": "1"}, unset=("B",), reason="they define functions (x)")
    assert make_entry(tmp_path, {"C": "1"}, scripts, name="demo").sourced == ("A", "B")


def test_windows_gets_the_folders_in_the_order_of_conda(tmp_path: Path) -> None:
    (tmp_path / "Library" / "ucrt64" / "bin").mkdir(parents=True)
    entries = [Path(entry).relative_to(tmp_path).as_posix() for entry in list_path_entries(tmp_path, windows=True)]
    assert entries == [
        *(".", "Library/ucrt64/bin", "Library/mingw-w64/bin", "Library/usr/bin", "Library/bin", "Scripts", "bin"),
    ]


def test_scripts_are_found_by_name_and_on_leaving_in_reverse(tmp_path: Path) -> None:
    names = ["b.sh", "a.sh", "a.fish", ".hidden.sh", "c.bat"]
    prefix = make_prefix(
        tmp_path, {f"{moment}.d/{name}": "" for name in names for moment in ("activate", "deactivate")}
    )
    assert [path.name for path in find_scripts(prefix, "activate", "sh")] == ["a.sh", "b.sh"]
    assert [path.name for path in find_scripts(prefix, "deactivate", "sh")] == ["b.sh", "a.sh"]
    assert [path.name for path in find_scripts(prefix, "activate", "fish")] == ["a.fish"]


def test_digest_is_of_names_and_contents(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path)
    seen = [digest_scripts(prefix)]
    assert seen == [""]
    steps = [("activate.d/a.sh", "1"), ("activate.d/a.sh", "2"), ("activate.d/b.bat", ""), ("deactivate.d/a.sh", "2")]
    for name, text in steps:
        make_prefix(prefix, {name: text})
        seen.append(digest_scripts(prefix))
    (prefix / "etc/conda/deactivate.d/a.sh").rename(prefix / "etc/conda/deactivate.d/c.sh")
    seen.append(digest_scripts(prefix))
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize(
    "change",
    [
        "activate.d/a.sh",
        "activate.d/new.sh",
        "deactivate.d/new.sh",
        "env_vars.d/a.json",
        "env_vars.d/new.json",
        "conda-meta/state",
        "conda-meta/history",
        "conda-meta/new-1.0-0.json",
    ],
)
def test_change_of_what_entering_is_about_shows_in_a_sentinel(tmp_path: Path, change: str) -> None:
    prefix = make_prefix(
        tmp_path,
        {"activate.d/a.sh": "1", "env_vars.d/a.json": "{}", "conda-meta/state": "{}", "conda-meta/history": ""},
    )
    sentinels = prefix_sentinels(prefix, prefix)
    before = [stat_signature(path) for path in sentinels]
    make_prefix(prefix, {change: "another text"})
    assert [stat_signature(path) for path in sentinels] != before


def test_use_of_the_prefix_shows_in_no_sentinel(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path)
    sentinels = prefix_sentinels(prefix, prefix)
    before = [stat_signature(path) for path in sentinels]
    (prefix / "pyve-record.json").touch()
    assert [stat_signature(path) for path in sentinels] == before
    assert os.fspath(prefix / "lib") in prefix_sentinels(prefix, prefix / "lib")


def test_facts_of_scripts_survive_a_record() -> None:
    scripts = ScriptFacts(
        digest="d", set={"A": "1"}, unset=("B",), prepend_path=("/x",), reason="they", left_out=("activate.d/a.sh",)
    )
    facts = CondaFacts(subdir="linux-64", scripts=scripts)
    assert facts_from_json(json.loads(json.dumps(facts.as_json()))) == facts
