"""Killed at any instant, a build leaves nothing running, and the same build in a fresh prefix succeeds."""

import os
import random
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pyve.errors.conda import EngineFailedError, EngineMissingError
from tests.engines.conda.conftest import EngineBench, contents
from tests.support.channel_server import ChannelServer, hang
from tests.support.conda_build_process import MARK, find_marked, new_mark

pytestmark = [pytest.mark.slow, pytest.mark.linux("processes are found by what /proc tells of their environment")]

TIMES = int(os.environ.get("PYVE_TEST_KILLS") or 8)  # the workflows try more
LONGEST_SECONDS = 60.0  # for what is to end at once, on a machine that is busy; only a failure takes as long


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def leftovers(cache: Path) -> list[str]:
    """Temporary folders that a killed engine left among its packages."""
    return [path.name for path in cache.glob("conda/*/pkgs/.*") if path.is_dir()]


def measure(bench: EngineBench, folder: Path) -> tuple[float, dict[str, str]]:
    """How long a cold build takes from the process's start on, and what it makes."""
    begun = time.monotonic()
    process = bench.process(prefix=folder / "env", cache=folder / "cache").start(os.environ)
    assert process.communicate()[0] == "built\n"
    return time.monotonic() - begun, contents(folder / "env")


def test_build_that_is_killed_at_any_instant_can_be_made_again(
    heavy_bench: EngineBench, tmp_path: Path, chance: random.Random
) -> None:
    bench = heavy_bench
    (tmp_path / "measured").mkdir()
    longest, expected = measure(bench, tmp_path / "measured")

    killed = 0
    for turn in range(TIMES):
        mark = new_mark()
        folder = tmp_path / mark
        folder.mkdir()
        process = bench.process(prefix=folder / "env", cache=folder / "cache").start(os.environ, mark=mark)
        time.sleep(chance.uniform(longest * turn / TIMES, longest * (turn + 1) / TIMES))
        killed += process.poll() is None
        process.kill()
        process.communicate()
        wait_until(lambda mark=mark: find_marked(mark) == [], "what the killed process had started runs on")  # type: ignore[misc] # a default of a lambda

        again = bench.process(prefix=folder / "again", cache=folder / "cache").start(os.environ)
        assert again.communicate()[0] == "built\n"
        assert contents(folder / "again") == expected
        assert leftovers(folder / "cache") == []
        shutil.rmtree(folder)
    print(f"{killed} of {TIMES} were killed before their end")  # noqa: T201
    assert killed, "every build had ended before it could be killed"


def test_build_whose_worker_is_killed_at_any_instant_fails_and_can_be_made_again(
    heavy_bench: EngineBench, tmp_path: Path, chance: random.Random
) -> None:
    bench = heavy_bench
    (tmp_path / "measured").mkdir()
    longest, expected = measure(bench, tmp_path / "measured")
    packages = tuple(sorted(bench.channel.names))

    failed = 0
    for turn in range(TIMES):
        mark = new_mark()
        own = bench.within(mark, **{MARK: mark})
        after = chance.uniform(longest * turn / TIMES, longest * (turn + 1) / TIMES)
        killer = threading.Timer(after, kill_all, args=(mark,))
        killer.start()
        try:
            own.build(*packages)
        except (EngineFailedError, EngineMissingError):  # the latter where it was asked for its version just then
            failed += 1
        finally:
            killer.cancel()
            killer.join()
            own.close()
        wait_until(lambda mark=mark: find_marked(mark) == [], "the engine runs on")  # type: ignore[misc] # a default of a lambda

        own.build(*packages, prefix=own.folder / "again")
        own.close()
        assert contents(own.folder / "again") == expected
        assert leftovers(own.surroundings.cache_directory) == []
        shutil.rmtree(own.folder)
    print(f"{failed} of {TIMES} builds failed by it")  # noqa: T201
    assert failed, "every build had ended before its worker could be killed"


def kill_all(mark: str) -> None:
    for process in find_marked(mark):
        os.kill(process, signal.SIGKILL)


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda by: by.name)
def test_engine_that_waits_for_a_server_ends_with_its_parent(
    heavy_bench: EngineBench, tmp_path: Path, by: signal.Signals
) -> None:
    mark = new_mark()
    folder = tmp_path / mark
    with ChannelServer(heavy_bench.channel.path, hang(".conda")) as server:
        build = heavy_bench.process(prefix=folder / "env", cache=folder / "cache", source=server.url)
        process = build.start(os.environ, mark=mark)
        wait_until(lambda: bool(server.requested(".conda")), "nothing is asked for")
        assert len(find_marked(mark)) > 1

        process.send_signal(by)

        process.communicate()
        assert process.returncode != 0
        wait_until(lambda: find_marked(mark) == [], "what the parent had started runs on")


def test_engine_that_lost_its_worker_says_so_and_works_again(heavy_bench: EngineBench) -> None:
    mark = new_mark()
    bench = heavy_bench.within(mark, **{MARK: mark})
    bench.build("heavy-0")
    kill_all(mark)

    bench.close()
    bench.build("heavy-1", prefix=bench.folder / "second")

    assert bench.linked(bench.folder / "second") == {"heavy-1": "1.0"}
    bench.close()
    wait_until(lambda: find_marked(mark) == [], "the engine runs on")


def test_closed_engine_leaves_nothing_running(heavy_bench: EngineBench) -> None:
    mark = new_mark()
    bench = heavy_bench.within(mark, **{MARK: mark})
    bench.install("heavy-0")

    bench.close()

    wait_until(lambda: find_marked(mark) == [], "the engine runs on")
