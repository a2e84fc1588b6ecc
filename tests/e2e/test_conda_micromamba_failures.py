"""Failures, kills and Ctrl-C while the executable builds: told as with the embedded engine, and as harmless."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from tests.support.channel_server import ChannelServer, hang
from tests.support.conda_build_process import MARK, find_marked, new_mark
from tests.support.conda_channel import LocalChannel
from tests.support.micromamba_stand_in import make_micromamba
from tests.support.standing_environment import StandingEnvironment

pytestmark = pytest.mark.posix("the stand-in is a script")

ENGINE = ("--engine", "micromamba")
LONGEST_SECONDS = 10.0  # for what is to end at once, on a machine that is busy


def wait_until(is_so: Callable[[], bool], what: str, *, at_most: float = LONGEST_SECONDS) -> None:
    deadline = time.monotonic() + at_most
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@pytest.fixture
def by_executable(standing: StandingEnvironment, tmp_path: Path) -> StandingEnvironment:
    """The environment in use, and a micromamba in the user's settings."""
    executable = make_micromamba(tmp_path / "bin")
    standing.bench.ok("config", "set", "--user", "conda.micromamba", str(executable))
    return standing


@pytest.mark.parametrize(
    ("specs", "code", "said"),
    [
        (("app-a", "app-b"), "conda-unsatisfiable", "libfoo"),
        (("tinny",), "conda-package-unknown", "'tinny'"),
        (("app-glibc",), "machine-unsuitable", "this machine has __"),
        (('"tiny >=1,,"',), "match-spec-invalid", "'tiny >=1,,'"),
    ],
    ids=["conflict", "misspelt", "machine", "spec"],
)
def test_specs_that_cannot_be_had(
    by_executable: StandingEnvironment, specs: tuple[str, ...], code: str, said: str
) -> None:
    by_executable.bench.declare("python", *specs)

    refused = by_executable.refuse("sync", *ENGINE)

    assert refused.code == code
    assert said in refused.message
    assert "environment.yml:5" in refused.message


def test_a_server_that_is_not_there_is_named(by_executable: StandingEnvironment, conda_channel: LocalChannel) -> None:
    with ChannelServer(conda_channel.path) as server:
        url = server.url
    by_executable.bench.declare("python", "tiny=2.0", channels=(url,))

    refused = by_executable.refuse("sync", *ENGINE)

    assert (refused.exit_status, refused.code) == (6, "channel-unreachable")
    assert url in refused.message
    assert "libmamba" not in refused.told, "its own words send people to its own issue tracker"


@pytest.mark.parametrize("ending", ["interrupted", "killed"])
def test_one_that_ends_without_having_linked_is_not_believed(
    standing: StandingEnvironment, tmp_path: Path, ending: Literal["interrupted", "killed"]
) -> None:
    executable = make_micromamba(tmp_path / "bin", ending=ending)
    standing.bench.ok("config", "set", "--user", "conda.micromamba", str(executable))
    standing.bench.declare("python", "tiny=2.0")

    refused = standing.refuse("sync", *ENGINE)

    assert (refused.exit_status, refused.code) == (6, "engine-failed")


@pytest.mark.linux("processes are found by what /proc tells of their environment")
@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda blow: blow.name)
def test_ended_in_the_middle(
    by_executable: StandingEnvironment,
    conda_channel: LocalChannel,
    cold: dict[str, str],
    blow: signal.Signals,
) -> None:
    bench, mark = by_executable.bench, new_mark()
    with ChannelServer(conda_channel.path, hang("tiny-2.0-pyh0_0.conda")) as server:
        bench.declare("python", "tiny=2.0", channels=(server.url,))
        process = bench.start(
            "sync",
            *ENGINE,
            env=bench.variables({**cold, MARK: mark}),
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: server.requested("tiny-2.0-pyh0_0.conda") != [], "the download is not begun", at_most=60)
        os.kill(process.pid, blow)
        status = process.wait(LONGEST_SECONDS)
        wait_until(lambda: find_marked(mark) == [], "the executable runs on")

    assert status == {signal.SIGINT: 130, signal.SIGTERM: status, signal.SIGKILL: -9}[blow] != 0
    if blow == signal.SIGINT:
        by_executable.assert_untouched()
    bench.declare("python", "tiny=2.0")
    bench.ok("sync", *ENGINE)
    assert bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"
    bench.declare("python", "tiny=1.1")
    bench.ok("sync", "--force", *ENGINE)
    assert bench.marks() == []
    assert bench.environments() == bench.records()
