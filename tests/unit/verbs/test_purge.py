import os
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from pyve.cleanup.build_outputs import claim_build_outputs, expect_build_outputs
from pyve.cleanup.ledger import is_ledger_whole, read_ledger
from pyve.cleanup.removal_plan import RemovalPlan
from pyve.environments.record import COPY_NAME, write_record
from pyve.environments.state import registered_projects
from pyve.environments.store import EnvironmentStore
from pyve.errors import NoProjectError, RefusedError, StateTooNewError
from pyve.project.user_settings import UserSettings
from pyve.system.file_lock import hold_lock
from pyve.system.files import is_link
from pyve.verbs.cleanup_result import CleanupResult
from pyve.verbs.outcome import Outcome
from pyve.verbs.purge import PurgeRequest, plan_purge_of, purge
from pyve.verbs.situation import Situation
from tests.support.stored_project import (
    build_environment,
    git,
    git_status,
    initialise,
    leave_footprint,
    make_repository,
    make_situation,
    make_store,
    put_in_use,
    take_picture,
)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A project with files of its user's in a repository, and the surroundings of a process in it."""

    root: Path
    state_directory: Path

    @property
    def situation(self) -> Situation:
        return make_situation(self.root, self.state_directory)

    def register(self) -> EnvironmentStore:
        return make_store(self.root, self.state_directory)

    def plan(self, *, keep_env: bool = False) -> RemovalPlan:
        return plan_purge_of(self.situation, PurgeRequest(keep_env=keep_env)).data.plan

    def purge(self, *, keep_env: bool = False) -> Outcome[CleanupResult]:
        return purge(self.situation, self.plan(keep_env=keep_env))


@pytest.fixture
def bench(project: Path, tmp_path: Path) -> Bench:
    (project / "requirements.txt").write_text("iniconfig==2.0.0\n")
    (project / ".python-version").write_text("3.12\n")
    (project / ".env").write_text("SECRET=1\n")
    (project / ".gitignore").write_bytes(b"*.log\r\n/.env")
    (project / "run.sh").write_text("#!/bin/sh\n")
    (project / "run.sh").chmod(0o750)
    make_repository(project)
    (project / "debug.log").write_text("untracked, ignored\n")
    return Bench(root=project, state_directory=tmp_path / "state")


def test_the_tree_and_git_status_are_as_before_init(bench: Bench) -> None:
    (bench.root / "Dockerfile").write_text("FROM scratch\n")
    exclude = bench.root / ".git" / "info" / "exclude"
    before = take_picture(bench.root), git_status(bench.root), exclude.read_bytes()
    store = bench.register()
    initialise(store, build_backend="hatchling.build")
    expect_build_outputs(store)
    (bench.root / "demo.egg-info").mkdir()
    claim_build_outputs(store)
    build_environment(store, "second")
    outcome = bench.purge()
    assert outcome.exit_status == 0
    assert not outcome.problems
    assert (take_picture(bench.root), git_status(bench.root), exclude.read_bytes()) == before


def test_nothing_of_the_state_is_left(bench: Bench) -> None:
    initialise(bench.register())
    bench.purge()
    assert [path for path in bench.state_directory.rglob("*") if path.name != "projects"] == []


def test_a_neighbour_keeps_its_state(bench: Bench) -> None:
    neighbour = bench.root.parent / "neighbour"
    neighbour.mkdir()
    initialise(make_store(neighbour, bench.state_directory))
    initialise(bench.register())
    bench.purge()
    assert [state.root for state in registered_projects(str(bench.state_directory))] == [neighbour]
    assert (neighbour / ".venv" / "pyvenv.cfg").is_file()


def test_planning_changes_nothing(bench: Bench) -> None:
    initialise(bench.register())
    before = take_picture(bench.root), take_picture(bench.state_directory)
    bench.plan()
    assert (take_picture(bench.root), take_picture(bench.state_directory)) == before


def test_what_is_done_is_what_was_shown(bench: Bench) -> None:
    store = bench.register()
    initialise(store)
    plan = bench.plan()
    before = set(take_picture(bench.root))
    outcome = purge(bench.situation, plan)
    assert outcome.data.removed == plan.remove
    gone = before - set(take_picture(bench.root))
    shown = {os.path.relpath(removal.path, bench.root) for removal in plan.remove}
    assert {name for name in gone if not any(name.startswith(f"{environment}/") for environment in shown)} <= shown
    assert outcome.data.freed_bytes == plan.bytes > 0


def test_purge_can_be_run_again_only_to_hear_that_nothing_is_here(bench: Bench) -> None:
    initialise(bench.register())
    bench.purge()
    with pytest.raises(NoProjectError):
        bench.plan()


def test_what_was_moved_aside_gets_its_name_back(bench: Bench) -> None:
    (bench.root / ".venv").mkdir()
    (bench.root / ".venv" / "theirs").write_text("kept\n")
    before = take_picture(bench.root), git_status(bench.root)
    initialise(bench.register(), take_venv=True)
    bench.purge()
    assert (take_picture(bench.root), git_status(bench.root)) == before


def test_a_venv_that_took_the_place_since_is_kept_and_so_is_what_was_moved(bench: Bench) -> None:
    (bench.root / ".venv").mkdir()
    initialise(bench.register(), take_venv=True)
    (bench.root / ".venv").unlink()
    (bench.root / ".venv").mkdir()
    plan = bench.plan()
    assert str(bench.root / ".venv") in {kept.path for kept in plan.keep}
    purge(bench.situation, plan)
    assert (bench.root / ".venv").is_dir()
    assert (bench.root / ".venv.before-pyve").is_dir()


def test_foreign_things_in_pyve_stay_and_are_named(bench: Bench) -> None:
    store = bench.register()
    initialise(store)
    foreign = [store.folder / "aaaaaaaa-bbbbbbbb", store.workshop / "notes.txt"]
    foreign[0].mkdir()
    foreign[1].write_text("mine\n")
    before = git_status(bench.root).splitlines()
    plan = bench.plan()
    assert {str(path) for path in foreign} <= {kept.path for kept in plan.keep}
    outcome = purge(bench.situation, plan)
    assert outcome.exit_status == 0
    assert all(path.exists() for path in foreign)
    assert [line for line in git_status(bench.root).splitlines() if line not in before] == []


def test_a_file_of_ours_that_was_changed_stays(bench: Bench) -> None:
    store = bench.register()
    initialise(store)
    file = store.workshop / ".gitignore"
    file.write_text("*\n!keep\n")
    plan = bench.plan()
    assert "changed since" in next(kept.reason for kept in plan.keep if kept.path == str(file))
    assert purge(bench.situation, plan).exit_status == 0
    assert file.read_text() == "*\n!keep\n"


def test_what_changed_after_the_plan_stays_and_so_does_the_state(bench: Bench) -> None:
    store = bench.register()
    initialise(store)
    plan = bench.plan()
    changed = store.workshop / ".gitignore"
    changed.write_text("*\n!keep\n")
    (bench.root / ".venv").unlink()
    (bench.root / ".venv").symlink_to("somewhere else")
    outcome = purge(bench.situation, plan)
    assert outcome.exit_status == 8
    assert {problem.code for problem in outcome.problems} == {"partly-done"}
    assert all(problem.message.endswith(".") and ".." not in problem.message for problem in outcome.problems)
    assert changed.read_text() == "*\n!keep\n"
    assert os.readlink(bench.root / ".venv") == "somewhere else"
    assert store.state.is_registered()
    assert bench.purge().exit_status == 0
    assert not store.state.is_registered()


def test_lines_the_user_wrote_around_our_block_stay(bench: Bench) -> None:
    initialise(bench.register(), build_backend="hatchling.build")
    gitignore = bench.root / ".gitignore"
    gitignore.write_bytes(b"first\r\n" + gitignore.read_bytes() + b"last\n")
    bench.purge()
    assert gitignore.read_bytes() == b"first\r\n*.log\r\n/.env\r\nlast\n"


def test_a_branch_whose_gitignore_lacks_our_block_is_left_as_it_is(bench: Bench) -> None:
    initialise(bench.register(), build_backend="hatchling.build")
    git(bench.root, "checkout", "-q", "--", ".gitignore")
    outcome = bench.purge()
    assert outcome.exit_status == 0
    assert git(bench.root, "status", "--porcelain") == ""


def test_keep_env_leaves_the_environment_and_takes_the_rest(bench: Bench) -> None:
    before = take_picture(bench.root), git_status(bench.root)
    store = bench.register()
    record = initialise(store)
    outcome = bench.purge(keep_env=True)
    assert outcome.exit_status == 0
    left = {name: entry for name, entry in take_picture(bench.root).items() if name.split("/")[0] != ".pyve"}
    assert left == before[0]
    assert (Path(record.directory) / "pyvenv.cfg").is_file()
    current = store.current_record()
    assert current is not None
    assert current.key == record.key
    assert [line for line in git_status(bench.root).splitlines() if ".pyve" not in line] == before[1].splitlines()
    assert "?? .pyve" not in git_status(bench.root)


def test_after_keep_env_a_whole_purge_takes_the_rest(bench: Bench) -> None:
    before = take_picture(bench.root), git_status(bench.root)
    initialise(bench.register())
    bench.purge(keep_env=True)
    bench.purge()
    assert (take_picture(bench.root), git_status(bench.root)) == before


def test_worktrees_share_the_exclude_line_and_the_last_takes_it_out(bench: Bench, tmp_path: Path) -> None:
    exclude = bench.root / ".git" / "info" / "exclude"
    before = exclude.read_bytes()
    git(bench.root, "worktree", "add", "-q", str(tmp_path / "tree"))
    tree = Bench(root=tmp_path / "tree", state_directory=bench.state_directory)
    initialise(bench.register())
    initialise(tree.register())
    assert exclude.read_text().count("/.venv") == 1
    bench.purge()
    assert git(tree.root, "status", "--porcelain") == ""
    tree.purge()
    assert exclude.read_bytes() == before


def test_a_worktree_that_is_gone_does_not_hold_the_line(bench: Bench, tmp_path: Path) -> None:
    exclude = bench.root / ".git" / "info" / "exclude"
    before = exclude.read_bytes()
    git(bench.root, "worktree", "add", "-q", str(tmp_path / "tree"))
    initialise(make_store(tmp_path / "tree", bench.state_directory))
    git(bench.root, "worktree", "remove", "--force", str(tmp_path / "tree"))
    initialise(bench.register())
    bench.purge()
    assert exclude.read_bytes() == before


def test_pyve_that_became_a_link_is_refused_and_nothing_behind_it_is_touched(bench: Bench, tmp_path: Path) -> None:
    store = bench.register()
    initialise(store)
    outside = tmp_path / "outside"
    store.workshop.rename(outside)
    store.workshop.symlink_to(outside)
    before = take_picture(outside)
    plan = bench.plan()
    assert not [removal for removal in plan.remove if ".pyve" in removal.path]
    assert str(store.workshop) in {refused.path for refused in plan.refused}
    outcome = purge(bench.situation, plan)
    assert outcome.exit_status == 8
    assert take_picture(outside) == before
    assert store.state.is_registered()


def test_where_a_link_stops_everything_purge_refuses(bench: Bench, tmp_path: Path) -> None:
    store = bench.register()
    store.workshop.symlink_to(tmp_path)
    with pytest.raises(RefusedError, match="link"):
        bench.plan()


def test_an_environment_that_became_a_link_is_not_followed(bench: Bench, tmp_path: Path) -> None:
    store = bench.register()
    record = initialise(store)
    plan = bench.plan()
    Path(record.directory).rename(tmp_path / "precious")
    Path(record.directory).symlink_to(tmp_path / "precious")
    before = take_picture(tmp_path / "precious")
    outcome = purge(bench.situation, plan)
    assert outcome.exit_status == 8
    assert take_picture(tmp_path / "precious") == before


def test_an_environment_being_built_by_another_process_is_kept(bench: Bench) -> None:
    store = bench.register()
    record = initialise(store)
    lock = store.state.locks / record.fingerprint[:16]
    with held_elsewhere(lock):
        outcome = bench.purge()
        assert outcome.exit_status == 8
        assert any("under way" in problem.message for problem in outcome.problems)
        assert Path(record.directory, "pyvenv.cfg").is_file()
        assert store.state.is_registered()
    assert bench.purge().exit_status == 0
    assert not store.workshop.exists()


def test_a_build_that_begins_after_the_plan_keeps_its_environment_and_the_state(bench: Bench) -> None:
    store = bench.register()
    record = initialise(store)
    plan = bench.plan()
    with held_elsewhere(store.state.locks / record.fingerprint[:16]):
        outcome = purge(bench.situation, plan)
    assert outcome.exit_status == 8
    assert Path(record.directory).is_dir()
    assert store.state.is_registered()


def test_a_damaged_record_does_not_hold_purge_up(bench: Bench) -> None:
    before = take_picture(bench.root)
    store = bench.register()
    record = initialise(store)
    store.record_file(record.key).write_text("{")
    assert bench.purge().exit_status == 0
    assert take_picture(bench.root) == before


def test_a_record_of_a_newer_pyve_stops_purge_before_anything_is_done(bench: Bench) -> None:
    store = bench.register()
    record = initialise(store)
    store.record_file(record.key).write_text('{"format": 999}')
    before = take_picture(bench.root)
    with pytest.raises(StateTooNewError):
        bench.plan()
    assert take_picture(bench.root) == before


def test_a_record_that_points_outside_deletes_nothing_there(bench: Bench, tmp_path: Path) -> None:
    store = bench.register()
    record = initialise(store)
    outside = tmp_path / "12345678-12345678"
    outside.mkdir()
    text = store.record_file(record.key).read_text().replace(record.directory, str(outside))
    (store.state.records / "12345678-12345678.json").write_text(text)
    bench.purge()
    assert outside.is_dir()


def test_a_pyve_without_state_is_foreign_and_not_deleted(bench: Bench) -> None:
    (bench.root / ".pyve" / "envs").mkdir(parents=True)
    (bench.root / "deep").mkdir()
    inside = make_situation(bench.root / "deep", bench.state_directory)
    with pytest.raises(NoProjectError, match="not pyve's to delete") as caught:
        plan_purge_of(inside, PurgeRequest())
    assert caught.value.hint is not None
    assert "rm -r" in caught.value.hint
    assert (bench.root / ".pyve").is_dir()


def test_environments_elsewhere_go_with_the_folders_that_were_made_for_them(bench: Bench, tmp_path: Path) -> None:
    location = tmp_path / "big disk"
    location.mkdir()
    (location / "others").mkdir()
    before = take_picture(bench.root), take_picture(location)
    folder = location / bench.root.relative_to(bench.root.anchor) / "envs"
    initialise(make_store(bench.root, bench.state_directory, folder=folder))
    situation = make_situation(
        bench.root, bench.state_directory, settings=UserSettings(store_location=location, gc_days=30)
    )
    purge(situation, plan_purge_of(situation, PurgeRequest()).data.plan)
    assert (take_picture(bench.root), take_picture(location)) == before


def test_environments_from_before_the_store_was_moved_go_too(bench: Bench, tmp_path: Path) -> None:
    before = take_picture(bench.root)
    initialise(bench.register())
    location = tmp_path / "big disk"
    folder = location / bench.root.relative_to(bench.root.anchor) / "envs"
    moved = make_store(bench.root, bench.state_directory, folder=folder)
    put_in_use(moved, build_environment(moved, "second"), initialise_links(moved))
    bench.purge()
    assert take_picture(bench.root) == before
    assert not list(location.rglob("pyvenv.cfg"))


def initialise_links(store: EnvironmentStore) -> tuple[Path, ...]:
    return leave_footprint(store).links


def lose_ledger(store: EnvironmentStore, how: str) -> None:
    if how == "lost":
        store.state.ledger_file.unlink()
    else:
        store.state.ledger_file.write_bytes(b"\x00garbage\n{}\n")


@pytest.mark.parametrize("how", ["lost", "garbled"])
def test_without_its_ledger_purge_takes_out_all_that_it_recognises(bench: Bench, how: str) -> None:
    (bench.root / "Dockerfile").write_text("FROM scratch\n")
    (bench.root / "src").mkdir()
    (bench.root / ".venv").mkdir()
    (bench.root / ".venv" / "theirs").write_text("kept\n")
    exclude = bench.root / ".git" / "info" / "exclude"
    before = take_picture(bench.root), git_status(bench.root), exclude.read_bytes()
    store = bench.register()
    initialise(store, build_backend="hatchling.build", take_venv=True)
    expect_build_outputs(store)
    (bench.root / "src" / "demo.egg-info").mkdir()
    claim_build_outputs(store)
    lose_ledger(store, how)

    outcome = bench.purge()

    assert not outcome.problems
    assert (take_picture(bench.root), git_status(bench.root), exclude.read_bytes()) == before
    assert not store.state.is_registered()


@pytest.mark.parametrize("how", ["lost", "garbled"])
def test_a_ledger_is_written_anew_by_the_next_sync(bench: Bench, how: str) -> None:
    store = bench.register()
    initialise(store, build_backend="hatchling.build")
    made = set(read_ledger(store.state))
    lose_ledger(store, how)

    leave_footprint(store, build_backend="hatchling.build")

    assert set(read_ledger(store.state)) == made
    assert is_ledger_whole(store.state)


def test_what_cannot_be_recognised_without_a_ledger_stays_and_is_said(bench: Bench) -> None:
    (bench.root / ".gitignore").write_text("*.egg-info\n")
    store = bench.register()
    initialise(store)
    (bench.root / "demo.egg-info").mkdir()
    lose_ledger(store, "lost")

    outcome = bench.purge()

    assert outcome.exit_status == 8
    (problem,) = outcome.problems
    assert "demo.egg-info" in problem.message
    assert (bench.root / "demo.egg-info").is_dir()
    assert not store.state.is_registered()


def test_the_block_of_somebody_else_stays_while_the_ledger_is_whole(bench: Bench) -> None:
    (bench.root / ".dockerignore").write_text("# >>> pyve >>>\n/.pyve/\n/.venv\n# <<< pyve <<<\n")
    (bench.root / "Dockerfile").write_text("FROM scratch\n")
    before = take_picture(bench.root)
    initialise(bench.register())
    bench.purge()
    assert take_picture(bench.root) == before


def test_the_files_of_an_adopted_pyve_go_with_it(bench: Bench) -> None:
    elsewhere = make_store(bench.root, bench.state_directory.parent / "the state of another machine")
    before = take_picture(bench.root)
    elsewhere.prepare()
    initialise(bench.register())
    bench.purge()
    assert take_picture(bench.root) == before


@pytest.mark.linux("only Linux tells which files a process uses")
def test_a_process_that_uses_the_environment_is_named_and_does_not_hold_it(bench: Bench) -> None:
    record = initialise(bench.register())
    code = "print('there', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=record.directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        plan = bench.plan()
        (environment,) = [removal for removal in plan.remove if removal.kind == "environment"]
        assert f"process {process.pid} has it as working directory" in environment.reason
        assert purge(bench.situation, plan).exit_status == 0
        process.kill()
    assert not Path(record.directory).exists()


def test_an_environment_of_a_moved_project_stays_and_the_plan_says_how_to_delete_it(
    bench: Bench, tmp_path: Path
) -> None:
    before = make_store(tmp_path / "before", bench.state_directory)
    record = build_environment(before, "old")
    store = bench.register()
    initialise(store)
    moved = store.folder / record.key
    Path(record.directory).rename(moved)
    write_record(moved / COPY_NAME, record)

    plan = bench.plan()

    (kept,) = [kept for kept in plan.keep if kept.path == str(moved)]
    assert str(tmp_path / "before") in kept.reason
    assert kept.reason.endswith(f"rm -rf {shlex.quote(str(moved))}")
    purge(bench.situation, plan)
    assert moved.is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_in_the_middle_of_deleting_purge_ends_the_work_when_run_again(bench: Bench) -> None:
    before = take_picture(bench.root), git_status(bench.root)
    store = bench.register()
    record = initialise(store)
    assert run_purge_process(bench, die_at_module=2) == -signal.SIGKILL
    assert len(list(Path(record.directory).glob("module_*.py"))) == 2  # of three
    assert store.state.is_registered()
    assert bench.purge().exit_status == 0
    assert (take_picture(bench.root), git_status(bench.root)) == before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("after", range(12))
def test_killed_between_any_two_steps_purge_ends_the_work_when_run_again(bench: Bench, after: int) -> None:
    (bench.root / "Dockerfile").write_text("FROM scratch\n")
    before = take_picture(bench.root), git_status(bench.root)
    initialise(bench.register(), build_backend="hatchling.build")
    steps = run_purge_process(bench, die_after=after)
    if steps == -signal.SIGKILL:
        bench.purge()
    else:
        assert steps == 0
    assert (take_picture(bench.root), git_status(bench.root)) == before


PURGE = """
import os, sys
from pathlib import Path
from pyve.verbs.purge import PurgeRequest, plan_purge_of, purge
from tests.support.stored_project import make_situation
situation = make_situation(Path(sys.argv[1]), Path(sys.argv[2]))
left, modules_left = [int(sys.argv[3])], [int(sys.argv[4])]
def on_event(event, arguments):
    if event == "os.remove" and os.path.basename(arguments[0]).startswith("module_"):
        modules_left[0] -= 1
        if modules_left[0] == 0:
            os.kill(os.getpid(), 9)
sys.addaudithook(on_event)
def on_removal(removal):
    left[0] -= 1
    if left[0] == -1:
        os.kill(os.getpid(), 9)
plan = plan_purge_of(situation, PurgeRequest()).data.plan
print("planned", flush=True)
purge(situation, plan, on_removal=on_removal)
"""
CHECKOUT = Path(__file__).resolve().parents[3]


def run_purge_process(bench: Bench, *, die_after: int = 10**9, die_at_module: int = 10**9) -> int:
    """Purge in a process that kills itself at the step `die_after`, or right before that module is deleted."""
    process = start_purge(bench, die_after=die_after, die_at_module=die_at_module)
    process.communicate()
    return process.returncode


def start_purge(bench: Bench, *, die_after: int = 10**9, die_at_module: int = 10**9) -> "subprocess.Popen[bytes]":
    counts = [str(die_after), str(die_at_module)]
    command = [sys.executable, "-c", PURGE, str(bench.root), str(bench.state_directory), *counts]
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE)


class held_elsewhere:  # noqa: N801 (reads as a statement)
    """While inside, another process holds the lock."""

    def __init__(self, lock: Path) -> None:
        self.lock = lock

    def __enter__(self) -> None:
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        code = (
            "import sys\nfrom pathlib import Path\nfrom pyve.system.file_lock import hold_lock\n"
            "with hold_lock(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()\n"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, str(self.lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == b"held"

    def __exit__(self, *_: object) -> None:
        self.process.communicate()


def test_the_projects_lock_is_waited_for(bench: Bench) -> None:
    store = bench.register()
    initialise(store)
    with hold_lock(store.state.lock_file):
        process = start_purge(bench)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"planned"
        time.sleep(0.3)  # what it would do without waiting takes less
        assert is_link(bench.root / ".venv")
    process.communicate()
    assert process.returncode == 0
    assert not (bench.root / ".pyve").exists()


@pytest.mark.parametrize("name", [".gitignore", ".dockerignore"])
def test_an_ignore_file_that_became_a_directory_does_not_stop_purge(bench: Bench, name: str) -> None:
    (bench.root / "Dockerfile").write_text("FROM scratch\n")
    initialise(bench.register(), build_backend="hatchling.build")
    (bench.root / name).unlink()
    (bench.root / name).mkdir()
    assert bench.purge().exit_status == 0
    assert (bench.root / name).is_dir()
    assert not (bench.root / ".pyve").exists()
