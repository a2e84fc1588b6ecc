"""Killed at any instant, an init of a conda environment leaves what is in use as it was, and the next one heals."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.support.channel_server import ChannelServer, hang
from tests.support.conda_build_process import MARK, find_marked, new_mark
from tests.support.conda_channel import LocalChannel, make_channel
from tests.support.conda_recipes import heavy
from tests.support.project_bench import ProjectBench
from tests.support.standing_environment import stand

pytestmark = [pytest.mark.slow, pytest.mark.linux("processes are found by what /proc tells of their environment")]

SEED = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(10**6))  # which instants; any must do
TIMES = int(os.environ.get("PYVE_TEST_KILLS") or 8)  # the workflows try more
HEAVY = 8
LONGEST_SECONDS = 10.0  # for what is to end at once, on a machine that is busy


@pytest.fixture(scope="module")
def heavy_channel(tmp_path_factory: pytest.TempPathFactory) -> LocalChannel:
    """Packages that take a while to fetch and to link, 3 MB in 40 files each."""
    packages = [heavy(number, files=40, bytes_of_each=75_000) for number in range(HEAVY)]
    return make_channel(tmp_path_factory.mktemp("heavy") / "heavy", packages)


def declare_heavy(bench: ProjectBench, url: str) -> None:
    names = [f"heavy-{number}" for number in range(HEAVY)]
    bench.declare("python", "tiny=2.0", *names, channels=("conda-forge", url))


def start(bench: ProjectBench, *arguments: str, env: dict[str, str]) -> "subprocess.Popen[str]":
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return bench.start(*arguments, start_new_session=True, env=bench.variables(env), **silent)


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def measure(bench: ProjectBench, url: str, cache: Path) -> float:
    """How long an init takes on a cold cache."""
    declare_heavy(bench, url)
    begun = time.monotonic()
    bench.ok("init", env={"PYVE_CACHE_DIR": str(cache)})
    return time.monotonic() - begun


def assert_whole(bench: ProjectBench) -> None:
    """All packages are linked, all of their files, in the environment that is in use."""
    directory = bench.in_use()
    for number in range(HEAVY):
        files = list((directory / "share" / f"heavy-{number}").iterdir())
        assert [file.stat().st_size for file in files] == [75_000] * 40
    assert bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


def assert_nothing_is_left_over(bench: ProjectBench, cache: Path) -> None:
    assert bench.marks() == []
    assert bench.environments() == bench.records()
    kept = {path.name for path in (bench.project / ".pyve").iterdir()}
    # A write that was killed leaves a file that the sweeps take an hour later: until then it may be under way.
    kept = {name for name in kept if not name.startswith((".new-", ".link-"))}
    assert kept == {".gitignore", "CACHEDIR.TAG", "env", "envs"}
    work = bench.state / "work"
    assert not work.exists() or list(work.iterdir()) == []
    assert [path.name for path in cache.glob("conda/*/pkgs/.*") if path.is_dir()] == []


@pytest.mark.parametrize("kind", ["file", "http"])
def test_killed_first_init(conda_bench: ProjectBench, heavy_channel: LocalChannel, tmp_path: Path, kind: str) -> None:
    """Each on a cold cache of its own, so that fetching, unpacking and linking are all hit."""
    chance = random.Random(SEED)
    with ChannelServer(heavy_channel.path) as server:
        url = heavy_channel.url if kind == "file" else server.url
        longest = measure(conda_bench.at(tmp_path / "measured"), url, tmp_path / "measured cache")

        killed = 0
        for turn in range(TIMES):
            bench, mark, cache = conda_bench.at(tmp_path / f"turn {turn}"), new_mark(), tmp_path / f"cache {turn}"
            declare_heavy(bench, url)
            after = chance.uniform(longest * turn / TIMES, longest * (turn + 1) / TIMES)
            process = start(bench, "init", env={MARK: mark, "PYVE_CACHE_DIR": str(cache)})
            time.sleep(after)
            was_at_work = process.poll() is None
            process.kill()
            process.wait()
            killed += was_at_work
            print(f"seed {SEED}, turn {turn}: after {after:.2f} of {longest:.2f} s, at work: {was_at_work}")  # noqa: T201
            wait_until(lambda mark=mark: find_marked(mark) == [], "what the killed process had started runs on")  # type: ignore[misc] # a default of a lambda

            bench.ok("init", env={"PYVE_CACHE_DIR": str(cache)})
            assert_whole(bench)
            assert len(bench.environments()) == 1
            assert_nothing_is_left_over(bench, cache)
    print(f"{killed} of {TIMES} were killed before their end")  # noqa: T201
    assert killed


def test_killed_rebuild_beside_an_environment_in_use(
    conda_bench: ProjectBench, heavy_channel: LocalChannel, tmp_path: Path
) -> None:
    chance = random.Random(SEED + 1)
    longest = measure(conda_bench.at(tmp_path / "measured"), heavy_channel.url, tmp_path / "measured cache")
    standing = stand(conda_bench)
    cache = tmp_path / "cache"
    declare_heavy(conda_bench, heavy_channel.url)

    killed = 0
    for turn in range(TIMES):
        mark = new_mark()
        process = start(conda_bench, "sync", "--force", env={MARK: mark, "PYVE_CACHE_DIR": str(cache)})
        time.sleep(chance.uniform(longest * turn / TIMES, longest * (turn + 1) / TIMES) / 2)
        killed += process.poll() is None
        process.kill()
        process.wait()
        wait_until(lambda mark=mark: find_marked(mark) == [], "what the killed process had started runs on")  # type: ignore[misc] # a default of a lambda
        assert conda_bench.ok("run", "tiny-cmd").stdout in ("tiny 1.1\n", "tiny 2.0\n")
        assert conda_bench.in_use().name in conda_bench.records()
    print(f"seed {SEED}: {killed} of {TIMES} were killed before their end")  # noqa: T201
    assert killed

    conda_bench.ok("sync", "--force", env={"PYVE_CACHE_DIR": str(cache)})
    conda_bench.ok("gc", "--days", "0", "--no-previous", "--yes")
    assert_whole(conda_bench)
    assert conda_bench.environments() == [conda_bench.in_use().name]
    assert_nothing_is_left_over(conda_bench, cache)
    assert not standing.directory.exists()


def test_interrupted_at_a_terminal(conda_bench: ProjectBench, conda_channel: LocalChannel, tmp_path: Path) -> None:
    standing = stand(conda_bench)
    mark = new_mark()
    with ChannelServer(conda_channel.path, hang("tiny-2.0-pyh0_0.conda")) as server:
        conda_bench.declare("python", "tiny=2.0", channels=(server.url,))
        variables = conda_bench.variables({MARK: mark, "PYVE_CACHE_DIR": str(tmp_path / "cold")})
        command = conda_bench.command("sync")
        terminal = pexpect.spawn(
            command[0], command[1:], cwd=conda_bench.project, env=variables, encoding="utf-8", timeout=LONGEST_SECONDS
        )
        wait_until(lambda: server.requested("tiny-2.0-pyh0_0.conda") != [], "the download is not begun")

        begun = time.monotonic()
        terminal.sendintr()
        terminal.expect(pexpect.EOF)
        terminal.close()

    print(f"ended {time.monotonic() - begun:.2f} s after Ctrl-C: {terminal.before!r}")  # noqa: T201
    assert (terminal.exitstatus, terminal.signalstatus) == (130, None)
    assert "Traceback" not in (terminal.before or "")
    assert "nterrupted" in (terminal.before or "")
    wait_until(lambda: find_marked(mark) == [], "what was started runs on")
    standing.assert_untouched()


@pytest.mark.parametrize(
    "blow", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL], ids=lambda blow: blow.name
)
def test_ended_by_a_signal_while_it_waits_for_a_server(
    conda_bench: ProjectBench, conda_channel: LocalChannel, tmp_path: Path, blow: signal.Signals
) -> None:
    standing = stand(conda_bench)
    mark = new_mark()
    with ChannelServer(conda_channel.path, hang("tiny-2.0-pyh0_0.conda")) as server:
        conda_bench.declare("python", "tiny=2.0", channels=(server.url,))
        process = start(conda_bench, "sync", env={MARK: mark, "PYVE_CACHE_DIR": str(tmp_path / "cold")})
        wait_until(lambda: server.requested("tiny-2.0-pyh0_0.conda") != [], "the download is not begun")
        process.send_signal(blow)
        assert process.wait(LONGEST_SECONDS) != 0
    wait_until(lambda: find_marked(mark) == [], "what was started runs on")
    conda_bench.declare("python", "tiny=1.1")

    conda_bench.ok("sync", "--force")
    conda_bench.ok("sync")

    assert conda_bench.marks() == []
    assert conda_bench.environments() == conda_bench.records()
    assert standing.directory.name in conda_bench.environments()


def test_a_worker_that_is_killed_is_told(
    conda_bench: ProjectBench, conda_channel: LocalChannel, tmp_path: Path
) -> None:
    standing = stand(conda_bench)
    mark = new_mark()
    with ChannelServer(conda_channel.path, hang("tiny-2.0-pyh0_0.conda")) as server:
        conda_bench.declare("python", "tiny=2.0", channels=(server.url,))
        environment = conda_bench.variables({MARK: mark, "PYVE_CACHE_DIR": str(tmp_path / "cold")})
        process = conda_bench.start("sync", "--json", env=environment)
        wait_until(lambda: server.requested("tiny-2.0-pyh0_0.conda") != [], "the download is not begun")
        for worker in find_marked(mark):
            if worker != process.pid:
                os.kill(worker, signal.SIGKILL)
        stdout, stderr = process.communicate(timeout=LONGEST_SECONDS)

    assert process.returncode == 6, (stdout, stderr)
    assert '"engine-failed"' in stdout
    assert "Traceback" not in stderr
    wait_until(lambda: find_marked(mark) == [], "something runs on")
    standing.assert_untouched()
