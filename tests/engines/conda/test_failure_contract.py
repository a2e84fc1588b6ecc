"""What every conda engine answers when it cannot: one kind of error for each cause, and nothing damaged."""

import socket
from pathlib import Path

import pytest

from pyve.errors import PyveError, ResolutionFailedError
from pyve.errors.conda import (
    ChannelUnauthorisedError,
    ChannelUnreachableError,
    CondaPackageUnknownError,
    CondaUnsatisfiableError,
    MachineUnsuitableError,
    MatchSpecInvalidError,
    NotCachedError,
)
from pyve.project.conda.channel import Channel
from tests.engines.conda.conftest import EngineBench
from tests.support.channel_server import ChannelServer, refuse


def told(error: PyveError) -> str:
    """All that a person reads of it."""
    return f"{error.message}\n{error.hint or ''}"


def test_specs_that_exclude_each_other_are_told(bench: EngineBench) -> None:
    with pytest.raises(CondaUnsatisfiableError) as caught:
        bench.solve("app-a", "app-b")

    assert "app-a" in told(caught.value)
    assert "app-b" in told(caught.value)
    assert "libfoo" in told(caught.value)


def test_version_that_no_channel_has_is_told(bench: EngineBench) -> None:
    with pytest.raises(CondaUnsatisfiableError, match="libfoo"):
        bench.solve("libfoo=7")


def test_unknown_name_gets_the_nearest(bench: EngineBench) -> None:
    with pytest.raises(CondaPackageUnknownError) as caught:
        bench.solve("openjkd")

    assert "openjkd" in told(caught.value)
    assert "openjdk" in told(caught.value)


def test_dependency_that_no_channel_has_is_told(bench: EngineBench) -> None:
    with pytest.raises(ResolutionFailedError, match="does-not-exist"):
        bench.solve("app-missing")


@pytest.mark.parametrize("name", ["app-glibc", "app-cuda"])
def test_machine_that_lacks_something_is_told(bench: EngineBench, name: str) -> None:
    with pytest.raises((MachineUnsuitableError, CondaUnsatisfiableError)) as caught:
        bench.solve(name)

    assert {"app-glibc": "__glibc", "app-cuda": "__cuda"}[name] in told(caught.value)
    assert "__unix" in told(caught.value), "what this machine has is told beside it"


@pytest.mark.parametrize("spec", ["libfoo =>2", "libfoo=", "*", "libfoo >=", "libfoo[version", ""])
def test_text_that_is_no_spec_is_told(bench: EngineBench, spec: str) -> None:
    with pytest.raises(MatchSpecInvalidError) as caught:
        bench.solve("tiny", spec)

    assert repr(spec)[1:-1] in told(caught.value)


def test_server_that_nobody_runs_is_told(bench: EngineBench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(ChannelUnreachableError, match=str(port)):
        bench.solve("libfoo", channels=(bench.channel.as_channel(source=f"http://127.0.0.1:{port}"),))


def test_directory_that_is_no_channel_is_told(bench: EngineBench, tmp_path: Path) -> None:
    url = (tmp_path / "nothing here").as_uri()

    with pytest.raises(ChannelUnreachableError):
        bench.solve("libfoo", channels=(Channel(name="nothing", url=url, sources=(url,)),))


def test_server_that_has_no_such_channel_is_told(bench: EngineBench) -> None:
    with ChannelServer(bench.channel.path) as server, pytest.raises(ChannelUnreachableError):
        bench.solve("libfoo", channels=(bench.channel.as_channel(source=f"{server.url}/misspelt"),))


@pytest.mark.parametrize("status", [401, 403])
def test_channel_that_refuses_is_told(bench: EngineBench, status: int) -> None:
    with ChannelServer(bench.channel.path, refuse(status)) as server, pytest.raises(ChannelUnauthorisedError):
        bench.solve("libfoo", channels=(bench.channel.as_channel(source=server.url),))


@pytest.mark.parametrize("status", [401, 403])
def test_channel_that_refuses_its_packages_is_told(bench: EngineBench, status: int) -> None:
    with ChannelServer(bench.channel.path, refuse(status, ".conda")) as server:
        channels = (bench.channel.as_channel(source=server.url),)
        packages = bench.solve("libfoo", channels=channels).packages

        with pytest.raises(ChannelUnauthorisedError):
            bench.build(*packages, channels=channels)

    assert bench.linked() == {}


def test_package_that_the_channel_has_lost_is_told(bench: EngineBench) -> None:
    with ChannelServer(bench.channel.path, refuse(404, ".conda")) as server:
        channels = (bench.channel.as_channel(source=server.url),)
        packages = bench.solve("libfoo", channels=channels).packages

        with pytest.raises(ChannelUnreachableError, match=r"libfoo-2\.1"):
            bench.build(*packages, channels=channels)

    assert bench.linked() == {}


def test_repodata_that_was_never_fetched_is_told_offline(bench: EngineBench) -> None:
    with ChannelServer(bench.channel.path) as server:
        with pytest.raises(NotCachedError):
            bench.solve("libfoo", channels=(bench.channel.as_channel(source=server.url),), offline=True)

        assert server.requests == []


def test_package_that_was_never_fetched_is_told_offline(bench: EngineBench) -> None:
    with ChannelServer(bench.channel.path) as server:
        channels = (bench.channel.as_channel(source=server.url),)
        packages = bench.solve("libfoo", channels=channels).packages
        before = len(server.requests)

        with pytest.raises(NotCachedError, match="libfoo"):
            bench.build(*packages, channels=channels, offline=True)

        assert len(server.requests) == before


def test_what_is_cached_is_built_offline(bench: EngineBench) -> None:
    with ChannelServer(bench.channel.path) as server:
        channels = (bench.channel.as_channel(source=server.url),)
        bench.install("libfoo", "app-ok", channels=channels)
    bench.close()

    packages = bench.solve("libfoo", "app-ok", channels=channels, offline=True).packages
    bench.build(*packages, prefix=bench.folder / "second", channels=channels, offline=True)

    assert bench.linked(bench.folder / "second") == {"app-ok": "1.1", "libfoo": "2.1"}
