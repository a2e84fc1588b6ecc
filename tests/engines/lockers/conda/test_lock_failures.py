"""What every locker of conda packages says when it cannot: of which platform, and where that stands."""

import socket

import pytest

from pyve.errors import ManifestInvalidError, PyveError, ResolutionFailedError
from pyve.errors.conda import (
    ChannelMissingError,
    ChannelUnreachableError,
    CondaPackageUnknownError,
    CondaUnsatisfiableError,
    MatchSpecInvalidError,
    NotCachedError,
)
from pyve.errors.lock import LockerUnfitError, NothingToLockError, PlatformUnknownError
from tests.engines.lockers.conda.conftest import PLATFORMS, CondaLockBench, MakeChannel
from tests.support.channel_server import ChannelServer, refuse
from tests.support.conda_recipes import generic


def told(error: PyveError) -> str:
    """All that a person reads of it."""
    return f"{error.message}\n{error.hint or ''}"


def test_specs_that_exclude_each_other_are_told_with_their_lines(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("app-a", "app-b")

    with pytest.raises(CondaUnsatisfiableError) as caught:
        lock_bench.lock("linux-64")

    assert "linux-64" in told(caught.value)
    assert "environment.yml:4" in told(caught.value)
    assert "environment.yml:5" in told(caught.value)


def test_platform_that_fails_is_named(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("libfoo", "unix-only")

    with pytest.raises(ResolutionFailedError) as caught:
        lock_bench.lock(*PLATFORMS)

    assert "win-64" in caught.value.message
    assert "osx-arm64" not in caught.value.message


def test_unknown_name_has_its_line_and_the_nearest_name(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("python", "libfo")

    with pytest.raises(CondaPackageUnknownError) as caught:
        lock_bench.lock("linux-64", "osx-arm64")

    assert "environment.yml:5" in caught.value.message
    assert "libfoo" in told(caught.value)


def test_package_of_one_platform_alone_is_told_with_a_selector(
    lock_bench: CondaLockBench, make_own_channel: MakeChannel
) -> None:
    own = make_own_channel(generic("everywhere", "1.0"), generic("only-linux", "1.0", subdir="linux-64"))
    lock_bench.declare("everywhere", "only-linux", channels=(own.url,))

    with pytest.raises(CondaPackageUnknownError) as caught:
        lock_bench.lock("linux-64", "win-64")

    assert "win-64" in caught.value.message
    assert "environment.yml:5" in caught.value.message
    assert "linux-64" in caught.value.message
    assert "- only-linux  # [linux]" in (caught.value.hint or "")


def test_what_a_machine_lacks_is_not_said_of_this_machine(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("unix-only")

    with pytest.raises(ResolutionFailedError) as caught:
        lock_bench.lock("win-64")

    assert "__unix" in caught.value.message
    assert "this machine" not in told(caught.value)
    assert "CONDA_OVERRIDE" not in told(caught.value)


def test_unknown_platform_is_told_with_the_nearest(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("libfoo")

    with pytest.raises(PlatformUnknownError, match="macos-arm64") as caught:
        lock_bench.lock("linux-64", "macos-arm64")

    assert "osx-arm64" in told(caught.value)


def test_platform_that_selectors_leave_empty_is_told(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("unix-only  # [unix]")

    with pytest.raises(NothingToLockError, match=r"environment\.yml declares no packages for win-64") as caught:
        lock_bench.lock("linux-64", "win-64")

    assert caught.value.hint == "leave win-64 out: pyve lock --platform linux-64"


def test_text_that_is_no_spec_is_told_with_its_line(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("libfoo", "tiny =>2")

    with pytest.raises(MatchSpecInvalidError, match=r"environment\.yml:5"):
        lock_bench.lock()


def test_file_that_is_no_yaml_is_told_with_its_line(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("libfoo", "[tiny")

    with pytest.raises(ManifestInvalidError, match=r"environment\.yml:[56]"):
        lock_bench.lock()


def test_channel_that_falls_silent_in_the_middle_leaves_no_lock(lock_bench: CondaLockBench) -> None:
    down = [refuse(503, f"/win-64/{name}") for name in ("repodata.json", "repodata.json.zst")]
    with ChannelServer(lock_bench.channel.path, *down, refuse(503, "/win-64/repodata_shards.msgpack.zst")) as server:
        lock_bench.declare("libfoo", channels=(server.url,))
        with pytest.raises(ChannelUnreachableError) as caught:
            lock_bench.lock("linux-64", "win-64")

    assert server.url in caught.value.message
    assert not lock_bench.destination.exists()


def test_channel_that_nobody_serves_is_told(lock_bench: CondaLockBench) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        lock_bench.declare("libfoo", channels=(f"http://127.0.0.1:{unused.getsockname()[1]}/channel",))
        with pytest.raises(ChannelUnreachableError):
            lock_bench.lock()


def test_channel_that_is_not_there_is_told(lock_bench: CondaLockBench) -> None:
    lock_bench.declare("libfoo", channels=(f"{lock_bench.channel.url}-of-old",))

    with pytest.raises(ChannelMissingError, match="of-old"):
        lock_bench.lock()


def test_offline_without_caches_is_told(rattler_bench: CondaLockBench) -> None:
    with ChannelServer(rattler_bench.channel.path) as server:
        rattler_bench.declare("libfoo", channels=(server.url,))
        with pytest.raises(NotCachedError):
            rattler_bench.lock(offline=True)

    assert server.requests == []


@pytest.mark.parametrize("text", ["7 days", "yesterday", "2026-13-01"])
def test_date_that_is_none_is_told(rattler_bench: CondaLockBench, text: str) -> None:
    rattler_bench.declare("libfoo")

    with pytest.raises(LockerUnfitError, match=text):
        rattler_bench.lock(exclude_newer=text)
