"""What a command gets in a conda environment, and what happens when its scripts or variables change."""

import json
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pyve.environments.conda_facts import CondaFacts
from pyve.environments.current import Current, find_project_of, read_fields
from pyve.environments.record import EnvironmentRecord
from pyve.environments.store import EnvironmentStore
from pyve.errors import RunFailedError
from pyve.system.directories import state_directory
from pyve.system.file_lock import hold_lock
from pyve.verbs.entry_renewal import renew_entry
from pyve.verbs.run import Entered, RunRequest, enter, has_changed
from pyve.verbs.run_changed import settle_change
from tests.architecture.test_light_path import HEAVY, command_line, imported_by
from tests.support.conda_prefix import make_prefix, make_variable_file
from tests.support.stored_conda import build_conda_environment, put_conda_in_use
from tests.support.stored_project import make_store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shell that could run these scripts")

SCRIPT = 'export MARK="one:$CONDA_PREFIX"\nexport PATH="$CONDA_PREFIX/extra:$PATH"\n'
FILES = {"activate.d/a.sh": SCRIPT, "env_vars.d/a.json": make_variable_file({"GIVEN": "é"})}


class Stage:
    """A project with a conda environment in use, and its commands' surroundings."""

    def __init__(self, root: Path, files: Mapping[str, str]) -> None:
        self.root = root
        self.store: EnvironmentStore = make_store(root, Path(state_directory(os.environ)))
        self.record: EnvironmentRecord = build_conda_environment(self.store, files)
        self.prefix = Path(self.record.directory)
        put_conda_in_use(self.store, self.record)

    def enter(self, environment: Mapping[str, str] | None = None, *, strict: bool = False) -> Entered:
        request = RunRequest(["true"], directory=os.fspath(self.root), strict=strict)
        return enter(request, {"PATH": os.defpath, "HOME": os.environ["HOME"], **(environment or {})})

    def current(self) -> Current:
        return Current(read_fields(os.fspath(self.store.state.current_file)) or [])

    def is_settled(self) -> bool:
        return not has_changed(self.current(), os.fspath(self.root), os.fspath(self.store.state.directory), {})

    def facts(self) -> CondaFacts:
        record = self.store.current_record()
        assert record is not None
        assert record.conda_facts is not None
        return record.conda_facts

    def witness(self) -> str:
        """A script that says in a file of the project that it ran."""
        return f"echo ran >> {shlex.quote(os.fspath(self.root / 'witness'))}\n"

    def times_run(self) -> int:
        file = self.root / "witness"
        return len(file.read_text().splitlines()) if file.exists() else 0


@pytest.fixture
def stage(home: Path, project: Path) -> Stage:
    assert find_project_of(state_directory(os.environ), os.fspath(project)) is None
    return Stage(project, FILES)


def test_command_gets_the_prefix_its_variables_and_the_effect_of_its_scripts(stage: Stage) -> None:
    entered = stage.enter()
    environment = entered.environment
    prefix = os.fspath(stage.prefix)
    assert entered.notice == ""
    assert {name: environment.get(name) for name in ("CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL")} == {
        "CONDA_PREFIX": prefix,
        "CONDA_DEFAULT_ENV": "demo",
        "CONDA_SHLVL": "1",
    }
    assert (environment["GIVEN"], environment["MARK"]) == ("é", f"one:{prefix}")
    assert environment["PATH"].split(os.pathsep)[:2] == [f"{prefix}/extra", f"{prefix}/bin"]


def test_prefix_is_stacked_on_the_one_that_is_active(stage: Stage) -> None:
    environment = stage.enter({"CONDA_SHLVL": "1", "CONDA_PREFIX": "/opt/base"}).environment
    assert environment["CONDA_SHLVL"] == "2"
    assert environment["CONDA_PREFIX_1"] == "/opt/base"
    assert environment["CONDA_PREFIX"] == os.fspath(stage.prefix)


def test_no_script_runs_while_nothing_changes(stage: Stage) -> None:
    make_prefix(stage.prefix, {"activate.d/w.sh": stage.witness()})
    stage.enter()
    after_first = stage.times_run()
    assert after_first > 0
    stage.enter()
    assert stage.times_run() == after_first
    assert stage.is_settled()


def test_changed_script_is_run_anew_and_remembered(stage: Stage) -> None:
    make_prefix(stage.prefix, {"activate.d/a.sh": 'export MARK="two"\nexport MORE=1\n'})
    environment = stage.enter().environment
    assert (environment["MARK"], environment["MORE"]) == ("two", "1")
    assert f"{stage.prefix}/extra" not in environment["PATH"].split(os.pathsep)
    assert stage.facts().scripts.set == {"MARK": "two", "MORE": "1"}
    assert "MARK=two" in stage.current().every("set")
    assert stage.is_settled()


def test_changed_variable_is_read_anew(stage: Stage) -> None:
    make_prefix(stage.prefix, {"conda-meta/state": json.dumps({"env_vars": {"GIVEN": "new", "late": "1"}})})
    environment = stage.enter().environment
    assert (environment["GIVEN"], environment["LATE"]) == ("new", "1")
    assert stage.is_settled()


def test_script_that_has_to_be_sourced_from_now_on_gets_its_copy(stage: Stage) -> None:
    make_prefix(stage.prefix, {"activate.d/a.sh": "tool() { :; }\nexport MARK=2\n"})
    assert stage.enter().environment["MARK"] == "2"
    current = stage.current()
    (copy,) = current.scripts("script")["sh"]
    assert Path(copy).read_text() == "tool() { :; }\nexport MARK=2\n"
    assert Path(copy).is_relative_to(stage.store.state.directory)
    assert current.every("sourced") == ["MARK"]
    snippets = [path.read_text() for path in stage.store.state.directory.parent.glob("@act.*")]
    assert len(snippets) == 4
    assert all(stage.record.key in text for text in snippets)


def test_prompt_never_runs_scripts(stage: Stage) -> None:
    make_prefix(stage.prefix, {"activate.d/a.sh": stage.witness()})
    current = stage.current()
    settled, notice = settle_change(
        current,
        root=os.fspath(stage.root),
        folder=os.fspath(stage.store.state.directory),
        strict=False,
        environment=os.environ,
        may_run_scripts=False,
    )
    assert settled is current
    assert notice == "what its packages do on entering has changed; to find it out: pyve sync"
    assert stage.times_run() == 0


def test_command_gets_the_new_values_while_another_pyve_changes_the_state(stage: Stage) -> None:
    make_prefix(stage.prefix, {"activate.d/a.sh": "export MARK=two\n"})
    before = stage.store.state.current_file.read_bytes()
    with hold_lock(stage.store.state.lock_file):
        assert stage.enter().environment["MARK"] == "two"
    assert stage.store.state.current_file.read_bytes() == before


def test_touched_script_is_not_run_again(stage: Stage) -> None:
    make_prefix(stage.prefix, {"activate.d/w.sh": stage.witness()})
    stage.enter()
    times = stage.times_run()
    assert times > 0
    os.utime(stage.prefix / "etc/conda/activate.d/w.sh", ns=(1, 1))
    stage.enter(strict=True)
    assert stage.times_run() == times
    assert stage.is_settled()


def test_environment_without_its_packages_runs_nothing(stage: Stage) -> None:
    (stage.prefix / "conda-meta" / "history").unlink()
    (stage.prefix / "conda-meta").rmdir()
    with pytest.raises(RunFailedError, match="cannot run"):
        stage.enter()


def test_renewal_changes_the_record_and_its_copy_in_the_environment(stage: Stage) -> None:
    assert renew_entry(stage.store, stage.record, environment=os.environ) is None
    make_prefix(stage.prefix, {"activate.d/a.sh": "tool() { :; }\n", "env_vars.d/b.json": '{"PATH": "x"}'})
    renewal = renew_entry(stage.store, stage.record, environment=os.environ)
    assert renewal is not None
    assert renewal.record.key == stage.record.key
    assert stage.store.record_named(stage.record.key) == renewal.record
    assert json.loads((stage.prefix / "pyve-record.json").read_text())["conda"] == renewal.record.conda
    assert any("b.json sets PATH" in note for note in renewal.notes)
    assert any("define functions (tool)" in note for note in renewal.notes)
    assert list(stage.store.state.work.iterdir()) == []


def test_run_imports_nothing_heavy(stage: Stage) -> None:
    assert imported_by(command_line("run", "true"), stage.root) & HEAVY == set()
