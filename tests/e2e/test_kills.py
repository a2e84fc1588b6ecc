"""Killed at any instant, an init leaves the environment in use as it was, and the next one heals."""

import io
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable

import pytest

from tests.support.made_up_package import Package, make_sdist
from tests.support.project_bench import ProjectBench

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="kill -9")]

SEED = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(10**6))  # which instants; any must do
TIMES = 10


def kill_at_random(bench: ProjectBench, *arguments: str, longest: float, chance: random.Random, group: bool) -> bool:
    """Start `pyve ARGUMENTS` and kill it (or its whole group) after a random time; False when it had ended."""
    process = bench.start(*arguments, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = chance.uniform(0, longest)
    time.sleep(after)
    ended = process.poll() is not None
    if group and not ended:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    victim = "group" if group else "parent"
    print(f"seed {SEED}: {victim} killed after {after:.3f} s{', ended before' if ended else ''}")  # noqa: T201
    return not ended


def assert_nothing_is_left_over(bench: ProjectBench) -> None:
    assert bench.marks() == []
    assert bench.environments() == bench.records()
    assert sorted(path.name for path in (bench.project / ".pyve").iterdir()) == [
        *(".gitignore", "CACHEDIR.TAG", "env", "envs"),
    ]


def measure(bench: ProjectBench, *arguments: str) -> float:
    begun = time.monotonic()
    bench.ok(*arguments)
    return time.monotonic() - begun


@pytest.mark.parametrize("group", [False, True], ids=["the parent alone", "the whole group"])
def test_killed_rebuild(bench: ProjectBench, *, group: bool) -> None:
    chance = random.Random(SEED + group)
    before = bench.init("alpha==1.0")
    longest = measure(bench, "init", "--force") * 1.1
    before = bench.in_use()

    killed = 0
    for _ in range(TIMES):
        killed += kill_at_random(bench, "init", "--force", longest=longest, chance=chance, group=group)
        assert bench.ok("run", "alpha").stdout == "alpha 1.0\n"
        if bench.in_use() != before:  # it was killed after it had put the new one in use
            before = bench.in_use()
            assert before.name in bench.records()

    assert killed > 0, "every one had ended before it was killed"
    bench.ok("init", "--force")
    assert bench.in_use() != before
    assert bench.ok("run", "alpha").stdout == "alpha 1.0\n"
    assert_nothing_is_left_over(bench)


@pytest.mark.parametrize("group", [False, True], ids=["the parent alone", "the whole group"])
def test_killed_first_init(bench: ProjectBench, *, group: bool) -> None:
    chance = random.Random(SEED + 2 + group)
    bench.at(bench.project.parent / "warm").init("alpha==1.0")
    bench.require("alpha==1.0")
    longest = measure(bench.at(bench.project.parent / "measured"), "init")

    for _ in range(TIMES):
        kill_at_random(bench, "init", longest=longest, chance=chance, group=group)
        ran = bench.run("run", "alpha")
        assert (ran.exit_status, ran.stdout) in [(125, ""), (0, "alpha 1.0\n")]

    bench.ok("init")
    assert bench.ok("run", "alpha").stdout == "alpha 1.0\n"
    assert_nothing_is_left_over(bench)


def test_killed_switch(bench: ProjectBench) -> None:
    chance = random.Random(SEED + 4)
    bench.init("alpha==1.0")
    bench.init("alpha==2.0")
    bench.require("alpha==1.0")
    longest = measure(bench, "sync")

    for turn in range(TIMES):
        bench.require(f"alpha=={turn % 2 + 1}.0")
        kill_at_random(bench, "sync", longest=longest, chance=chance, group=True)
        assert bench.ok("run", "alpha").stdout in ("alpha 1.0\n", "alpha 2.0\n")
        bench.ok("sync")
        assert bench.ok("run", "alpha").stdout == f"alpha {turn % 2 + 1}.0\n"
        assert (bench.project / ".venv").resolve() == bench.in_use()
    assert_nothing_is_left_over(bench)


def test_child_of_a_killed_parent_keeps_the_build_lock(bench: ProjectBench) -> None:
    """The installer may go on writing after its parent died; nobody else may sweep its directory meanwhile."""
    bench.init("gamma")
    add_slow(bench, seconds=3)
    bench.require("slow")
    process = bench.start("sync", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: bool(bench.marks()) and building(bench))
    (key,) = bench.marks()
    process.kill()
    process.wait()

    bench.require("gamma", "delta")
    bench.ok("sync")

    assert key in bench.marks(), "swept while its installer was still at work"
    wait_for(lambda: not building(bench) and bool(bench.ok("sync", "--force")) and key not in bench.marks())
    assert key not in bench.environments()


def test_interrupted_by_the_user(bench: ProjectBench) -> None:
    bench.init("gamma")
    add_slow(bench, seconds=20)
    bench.require("slow")
    process = bench.start("sync", start_new_session=True)
    wait_for(lambda: bool(bench.marks()) and building(bench))
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate()

    assert process.returncode == 130
    assert "Traceback" not in told
    assert "nterrupted" in told
    assert bench.ok("run", "gamma").stdout == "gamma 1.0\n"
    assert_nothing_is_left_over(bench)


def building(bench: ProjectBench) -> bool:
    """Whether the build backend of the slow package is at work: it says so in a file, and takes it away."""
    return (bench.index.directory / "building").exists()


def add_slow(bench: ProjectBench, *, seconds: float) -> None:
    """Add an sdist called slow that takes its time to build, and says so in a file `building` of the index."""
    marker = bench.index.directory / "building"
    pause = (
        f"\nimport time as _time\n_marker = Path({str(marker)!r})\n_marker.touch()\n"
        f"_time.sleep({seconds})\n_marker.unlink(missing_ok=True)\n"
    )
    buffer = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(make_sdist(Package(name="slow", version="1.0")))) as old,
        tarfile.open(fileobj=buffer, mode="w:gz") as new,
    ):
        for member in old.getmembers():
            stream = old.extractfile(member)
            content = stream.read() if stream else b""
            content += pause.encode() if member.name.endswith("in_tree_backend.py") else b""
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    bench.index.add_file("slow-1.0.tar.gz", buffer.getvalue())


def wait_for(condition: Callable[[], bool], *, at_most: float = 30) -> None:
    """Poll until `condition()` holds."""
    end = time.monotonic() + at_most
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
