import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pyve.cleanup.removal_plan import RemovalPlan
from pyve.environments.construction import new_directory
from pyve.environments.record import EnvironmentRecord
from pyve.environments.state import registered_projects
from pyve.environments.store import EnvironmentStore
from pyve.errors import NoProjectError, UsageError
from pyve.project.user_settings import UserSettings
from pyve.system.file_lock import hold_lock
from pyve.system.process_usage import ProcessUsage, UsedPath
from pyve.verbs.gc import GcRequest, gc, plan_gc_of
from tests.support.stored_project import (
    NOW,
    build_environment,
    git,
    initialise,
    make_repository,
    make_situation,
    make_store,
    put_in_use,
    take_picture,
)

NOTHING_RUNS = ProcessUsage()


@pytest.fixture
def state_directory(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def store(project: Path, state_directory: Path) -> EnvironmentStore:
    """A project with a current and a previous environment, both old."""
    store = make_store(project, state_directory)
    age(store, initialise(store), days=200)
    record = build_environment(store, "second")
    put_in_use(store, record)
    age(store, record, days=100)
    return store


def age(store: EnvironmentStore, record: EnvironmentRecord, *, days: float, read: float | None = None) -> None:
    """Let the last use of `record` be `days` before NOW (built long ago), and its last reading `read` days before."""
    used, accessed = (NOW - timedelta(days=days)).timestamp(), (NOW - timedelta(days=read or days)).timestamp()
    file = store.record_file(record.key)
    file.write_text(file.read_text().replace(record.created_at, (NOW - timedelta(days=400)).isoformat()))
    os.utime(file, (used, used))
    os.utime(Path(record.directory, "pyvenv.cfg"), (accessed, used))


@pytest.fixture
def plan(project: Path, state_directory: Path) -> Callable[..., RemovalPlan]:
    def make(usage: ProcessUsage = NOTHING_RUNS, **options: object) -> RemovalPlan:
        situation = make_situation(project, state_directory)
        request = GcRequest(**options)  # type: ignore[arg-type]  # one test's options
        return plan_gc_of(situation, request, now=NOW, list_usage=lambda: usage).data.plan

    return make


def removed_names(plan: RemovalPlan) -> set[str]:
    return {Path(removal.path).name for removal in plan.remove}


def reason_for(plan: RemovalPlan, record: EnvironmentRecord) -> str:
    return next(kept.reason for kept in plan.keep if kept.path == record.directory)


def test_what_nobody_used_for_long_goes_and_what_is_in_use_stays(
    project: Path, store: EnvironmentStore, state_directory: Path, plan: Callable[..., RemovalPlan]
) -> None:
    old, fresh = build_environment(store, "old"), build_environment(store, "fresh")
    age(store, old, days=31)
    age(store, fresh, days=29)
    before = set(take_picture(project))
    made = plan()
    assert removed_names(made) == {old.key}
    situation = make_situation(project, state_directory)
    outcome = gc(situation, GcRequest(), made, now=NOW, list_usage=lambda: NOTHING_RUNS)
    assert outcome.exit_status == 0
    assert outcome.data.removed == made.remove
    gone = before - set(take_picture(project))
    assert gone
    assert all(name.startswith(f".pyve/envs/{old.key}") for name in gone)
    assert not store.record_file(old.key).exists()


def test_current_and_previous_stay_however_old(store: EnvironmentStore, plan: Callable[..., RemovalPlan]) -> None:
    made = plan(days=0)
    current, previous = store.current_record(), store.previous_record()
    assert current is not None
    assert previous is not None
    assert reason_for(made, current) == "in use by its project"
    assert "rollback" in reason_for(made, previous)
    assert made.remove == ()


def test_previous_goes_when_that_is_asked_for(store: EnvironmentStore, plan: Callable[..., RemovalPlan]) -> None:
    previous = store.previous_record()
    assert previous is not None
    assert removed_names(plan(keep_previous=False)) == {previous.key}


def test_a_kept_name_stays(store: EnvironmentStore, plan: Callable[..., RemovalPlan]) -> None:
    old = build_environment(store, "old")
    age(store, old, days=300)
    assert plan(kept_names=(old.key,)).remove == ()


def test_the_time_of_the_last_run_counts(store: EnvironmentStore, plan: Callable[..., RemovalPlan]) -> None:
    old = build_environment(store, "old")
    age(store, old, days=5)
    assert "last run 5 days ago; goes after" in reason_for(plan(), old)


def test_the_time_of_the_last_reading_counts(store: EnvironmentStore, plan: Callable[..., RemovalPlan]) -> None:
    old = build_environment(store, "old")
    age(store, old, days=300, read=3)
    assert "last read 3 days ago" in reason_for(plan(), old)


def test_the_users_setting_says_how_long(project: Path, store: EnvironmentStore, state_directory: Path) -> None:
    old = build_environment(store, "old")
    age(store, old, days=8)
    situation = make_situation(project, state_directory, settings=UserSettings(gc_days=7))
    made = plan_gc_of(situation, GcRequest(), now=NOW, list_usage=lambda: NOTHING_RUNS).data.plan
    assert removed_names(made) == {old.key}


def test_what_a_process_uses_stays(store: EnvironmentStore, plan: Callable[..., RemovalPlan]) -> None:
    old = build_environment(store, "old")
    age(store, old, days=300)
    used = UsedPath(pid=4711, what="mapped file", path=f"{old.directory}/lib/x.so")
    assert "4711" in reason_for(plan(ProcessUsage(paths=(used,))), old)


def test_a_directory_with_the_same_beginning_is_another_one(
    store: EnvironmentStore, plan: Callable[..., RemovalPlan]
) -> None:
    old = build_environment(store, "old")
    age(store, old, days=300)
    used = UsedPath(pid=4711, what="mapped file", path=f"{old.directory}-2/lib/x.so")
    assert removed_names(plan(ProcessUsage(paths=(used,)))) == {old.key}


def test_where_processes_cannot_be_asked_everything_stays_and_that_is_said(
    project: Path, store: EnvironmentStore, state_directory: Path
) -> None:
    old = build_environment(store, "old")
    age(store, old, days=300)
    unknown = ProcessUsage(known=False, reason="this system does not tell")
    outcome = plan_gc_of(make_situation(project, state_directory), GcRequest(), now=NOW, list_usage=lambda: unknown)
    assert outcome.data.plan.remove == ()
    assert any("does not tell" in note for note in outcome.notes)


def test_what_came_into_use_after_the_plan_stays(
    project: Path, store: EnvironmentStore, state_directory: Path, plan: Callable[..., RemovalPlan]
) -> None:
    old, older = build_environment(store, "old"), build_environment(store, "older")
    age(store, old, days=300)
    age(store, older, days=300)
    made = plan()
    assert removed_names(made) == {old.key, older.key}
    put_in_use(store, old)
    used = ProcessUsage(paths=(UsedPath(pid=1, what="working directory", path=older.directory),))
    outcome = gc(make_situation(project, state_directory), GcRequest(), made, now=NOW, list_usage=lambda: used)
    assert outcome.data.removed == ()
    assert outcome.exit_status == 8
    assert Path(old.directory).is_dir()
    assert Path(older.directory).is_dir()


def test_what_an_interrupted_build_left_goes_at_once(
    store: EnvironmentStore, plan: Callable[..., RemovalPlan], project: Path, state_directory: Path
) -> None:
    left = interrupt_build(store)
    made = plan()
    assert removed_names(made) == {left.name}
    gc(make_situation(project, state_directory), GcRequest(), made, now=NOW, list_usage=lambda: NOTHING_RUNS)
    assert not left.exists()
    assert plan().remove == ()


def test_a_build_that_is_under_way_is_no_remnant(store: EnvironmentStore, plan: Callable[..., RemovalPlan]) -> None:
    left = interrupt_build(store)
    with hold_lock(store.state.locks / ("f" * 16)):
        made = plan()
        assert made.remove == ()
        assert str(left) in {kept.path for kept in made.keep}


def interrupt_build(store: EnvironmentStore) -> Path:
    """What a kill leaves: the mark and the directory."""
    building = new_directory(store, "f" * 64)
    directory = building.__enter__()
    directory.mkdir()
    (directory / "half").write_text("")
    saved = (store.state.builds / directory.name).read_bytes()
    building.__exit__(None, None, None)
    directory.mkdir()
    (directory / "half").write_text("")
    (store.state.builds / directory.name).write_bytes(saved)
    return directory


def test_foreign_directories_are_shown_and_stay(store: EnvironmentStore, plan: Callable[..., RemovalPlan]) -> None:
    foreign = store.folder / "aaaaaaaa-bbbbbbbb"
    foreign.mkdir()
    made = plan(days=0)
    assert "not pyve's" in next(kept.reason for kept in made.keep if kept.path == str(foreign))
    assert str(foreign) not in {removal.path for removal in made.remove}


def test_planning_changes_nothing(
    project: Path, store: EnvironmentStore, state_directory: Path, plan: Callable[..., RemovalPlan]
) -> None:
    age(store, build_environment(store, "old"), days=300)
    interrupt_build(store)
    before = take_picture(project), take_picture(state_directory)
    assert len(plan().remove) == 2
    assert (take_picture(project), take_picture(state_directory)) == before


def test_all_covers_every_registered_project(
    store: EnvironmentStore, state_directory: Path, tmp_path: Path, plan: Callable[..., RemovalPlan]
) -> None:
    (tmp_path / "other").mkdir()
    other = make_store(tmp_path / "other", state_directory)
    initialise(other)
    old = build_environment(other, "old")
    age(other, old, days=300)
    assert plan().remove == ()
    assert removed_names(plan(all_projects=True)) == {old.key}


def test_a_project_that_is_gone_is_shown_and_kept(
    store: EnvironmentStore, state_directory: Path, tmp_path: Path, plan: Callable[..., RemovalPlan]
) -> None:
    make_store(tmp_path / "gone", state_directory)
    made = plan(all_projects=True)
    assert made.remove == ()
    assert "not mounted" in next(kept.reason for kept in made.keep if kept.path == str(tmp_path / "gone"))


def test_gone_forgets_the_state_of_a_project_that_is_gone_and_of_no_other(
    project: Path, store: EnvironmentStore, state_directory: Path, tmp_path: Path
) -> None:
    make_repository(project)
    exclude = project / ".git" / "info" / "exclude"
    before = exclude.read_bytes()
    git(project, "worktree", "add", "-q", str(tmp_path / "tree"))
    initialise(make_store(tmp_path / "tree", state_directory))
    assert exclude.read_bytes() != before
    git(project, "worktree", "remove", "--force", str(tmp_path / "tree"))
    situation, request = make_situation(project, state_directory), GcRequest(all_projects=True, gone_projects=True)
    made = plan_gc_of(situation, request, now=NOW, list_usage=lambda: NOTHING_RUNS).data.plan
    assert gc(situation, request, made, now=NOW, list_usage=lambda: NOTHING_RUNS).exit_status == 0
    assert [state.root for state in registered_projects(str(state_directory))] == [project]
    assert exclude.read_bytes() == before


def test_a_project_with_the_state_of_a_newer_pyve_does_not_hold_up_the_others(
    project: Path, store: EnvironmentStore, state_directory: Path, tmp_path: Path
) -> None:
    (tmp_path / "newer").mkdir()
    newer = make_store(tmp_path / "newer", state_directory)
    newer.state.current_file.write_bytes(b"format=999\0")
    initialised = build_environment(newer, "there")
    old = build_environment(store, "old")
    age(store, old, days=300)
    situation, request = make_situation(project, state_directory), GcRequest(all_projects=True)
    outcome = plan_gc_of(situation, request, now=NOW + timedelta(days=500), list_usage=lambda: NOTHING_RUNS)
    assert removed_names(outcome.data.plan) == {old.key}
    assert "newer pyve" in outcome.problems[0].message
    assert Path(initialised.directory).is_dir()


def test_a_number_of_days_below_zero_is_refused(store: EnvironmentStore, plan: Callable[..., RemovalPlan]) -> None:
    with pytest.raises(UsageError, match="days"):
        plan(days=-1)


def test_outside_projects_there_is_nothing_to_do(tmp_path: Path, state_directory: Path) -> None:
    with pytest.raises(NoProjectError):
        plan_gc_of(make_situation(tmp_path, state_directory), GcRequest(), list_usage=lambda: NOTHING_RUNS)


def test_a_time_without_zone_in_a_record_is_utc(store: EnvironmentStore, plan: Callable[..., RemovalPlan]) -> None:
    old = build_environment(store, "old")
    age(store, old, days=300)
    file = store.record_file(old.key)
    times = file.stat()
    recent: datetime = NOW - timedelta(days=2)
    text = file.read_text().replace((NOW - timedelta(days=400)).isoformat(), recent.replace(tzinfo=None).isoformat())
    file.write_text(text)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert "built 2 days ago" in reason_for(plan(), old)
