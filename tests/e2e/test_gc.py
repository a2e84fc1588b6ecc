"""`pyve gc`: what nobody uses any more goes, what anybody could miss stays."""

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.support.project_bench import ProjectBench
from tests.support.stored_project import take_picture


@pytest.fixture
def switched(bench: ProjectBench) -> tuple[ProjectBench, list[Path]]:
    """A project that has had three environments, all long ago: the first is neither in use nor the previous one."""
    made = [bench.init(*lines) for lines in (["alpha==1.0"], ["alpha==2.0"], ["gamma==1.0"])]
    for environment in made:
        age(bench, environment, days=60)
    return bench, made


def age(bench: ProjectBench, environment: Path, *, days: int) -> None:
    then = datetime.now(timezone.utc) - timedelta(days=days)
    record = bench.state / "records" / f"{environment.name}.json"
    text = record.read_text("utf-8")
    created = text.split('"created_at": "')[1].split('"')[0]
    record.write_text(text.replace(created, then.isoformat()), "utf-8")
    for path in (record, environment / "pyvenv.cfg"):
        os.utime(path, (then.timestamp(), then.timestamp()))


@pytest.mark.linux("elsewhere no environment goes, since processes do not tell what they use")
def test_only_what_is_neither_current_nor_previous_goes(switched: tuple[ProjectBench, list[Path]]) -> None:
    bench, (first, second, third) = switched

    bench.ok("gc", "--yes")

    assert bench.environments() == sorted([second.name, third.name])
    assert bench.records() == bench.environments()
    assert not first.exists()


@pytest.mark.linux("elsewhere no environment goes, since processes do not tell what they use")
def test_what_was_used_lately_stays(switched: tuple[ProjectBench, list[Path]]) -> None:
    bench, (first, _, _) = switched
    age(bench, first, days=20)

    bench.ok("gc", "--yes")
    assert first.is_dir()

    bench.ok("gc", "--days", "10", "--yes")
    assert not first.exists()


@pytest.mark.linux("elsewhere no environment goes, since processes do not tell what they use")
def test_a_dry_run_shows_it_and_changes_nothing(switched: tuple[ProjectBench, list[Path]]) -> None:
    bench, (first, _, _) = switched
    before = take_picture(bench.project), take_picture(bench.state)

    ran = bench.ok("gc", "--dry-run")

    assert first.name in ran.stdout
    assert (take_picture(bench.project), take_picture(bench.state)) == before


def test_nothing_goes_because_nobody_could_be_asked(switched: tuple[ProjectBench, list[Path]]) -> None:
    bench, made = switched

    bench.run("gc")

    assert all(environment.is_dir() for environment in made)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what processes use")
def test_what_a_process_runs_from_stays(switched: tuple[ProjectBench, list[Path]]) -> None:
    bench, (first, _, _) = switched
    code = "import sys; print('up', flush=True); sys.stdin.read()"
    running = subprocess.Popen(
        [str(first / "bin" / "python"), "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "up\n"
    age(bench, first, days=60)

    bench.ok("gc", "--yes")

    assert first.is_dir()
    running.communicate()
    age(bench, first, days=60)
    bench.ok("gc", "--yes")
    assert not first.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_what_a_killed_build_left_goes_whatever_its_age(bench: ProjectBench) -> None:
    bench.init("alpha==1.0")
    bench.require("gamma==1.0")
    process = bench.start("sync")
    while not finished_marks(bench) and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (left,) = finished_marks(bench)

    bench.ok("gc", "--yes")

    assert finished_marks(bench) == []
    assert left not in bench.environments()


def test_all_and_gone_forget_a_project_whose_directory_was_deleted(bench: ProjectBench, tmp_path: Path) -> None:
    bench.init("alpha==1.0")
    other = bench.at(tmp_path / "other")
    other.init("gamma==1.0")
    shutil.rmtree(other.project)

    shown = bench.ok("gc", "--all", "--yes")
    assert str(other.project) in shown.stdout + shown.stderr
    assert other.state.is_dir()

    bench.ok("gc", "--all", "--gone", "--yes")
    assert not other.state.exists()
    assert bench.state.is_dir()


def finished_marks(bench: ProjectBench) -> list[str]:
    """The marks, without one whose writing was killed: it says nothing."""
    return [name for name in bench.marks() if not name.startswith(".")]
