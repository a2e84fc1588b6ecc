"""What every conda engine promises of channels: mirrors, credentials, caches, and what is never written down."""

import os
import socket
from pathlib import Path

import pytest

from pyve.errors.conda import ChannelUnauthorisedError
from pyve.project.conda.channel import Channel
from tests.engines.conda.conftest import EngineBench
from tests.support.channel_server import ChannelServer, redirect

CANONICAL = "https://channel.example/conda-forge"
SECRET = "s3cret-word"


def written_below(directory: Path) -> bytes:
    """All that regular files below hold."""
    return b"\n".join(path.read_bytes() for path in directory.rglob("*") if path.is_file() and not path.is_symlink())


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_mirror_is_fetched_from_and_not_written_down(bench: EngineBench, scheme: str) -> None:
    with ChannelServer(bench.channel.path) as server:
        source = server.url if scheme == "http" else bench.channel.url
        channels = (bench.channel.as_channel(url=CANONICAL, source=source),)
        packages = bench.solve("app-a", "old-format", channels=channels).packages
        bench.build(*packages, channels=channels)

    assert {package.name: package.url for package in packages} == {
        "app-a": f"{CANONICAL}/noarch/app-a-1.0-0.conda",
        "libfoo": f"{CANONICAL}/noarch/libfoo-2.1-0.conda",
        "old-format": f"{CANONICAL}/{bench.channel.subdir}/old-format-1.0-0.tar.bz2",
    }
    records = bench.records()
    assert {record["url"] for record in records.values()} == {package.url for package in packages}
    meta = written_below(bench.prefix / "conda-meta")
    assert source.encode() not in meta
    assert os.fsencode(bench.channel.path) not in meta


def test_locked_package_is_fetched_from_the_mirror_of_its_channel(bench: EngineBench) -> None:
    with ChannelServer(bench.channel.path) as server:
        locked = bench.channel.package("libz", url=CANONICAL)
        bench.build(locked, channels=(bench.channel.as_channel(url=CANONICAL, source=server.url),))

        assert server.requested(".conda") == [f"/{bench.channel.subdir}/libz-1.3.1-0.conda"]
    assert bench.records()["libz"]["url"] == locked.url


def test_channel_of_a_spec_is_known_by_its_name_behind_a_mirror(bench: EngineBench) -> None:
    channels = (bench.channel.as_channel(name="conda-forge", url=CANONICAL),)

    (found,) = bench.solve("conda-forge::libz", channels=channels).packages

    assert found.url == f"{CANONICAL}/{bench.channel.subdir}/libz-1.3.1-0.conda"


def test_next_mirror_is_tried_when_one_is_down(bench: EngineBench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}"
    channels = (Channel(name="conda-forge", url=CANONICAL, sources=(dead, bench.channel.url)),)

    bench.install("libz", channels=channels)

    assert bench.records()["libz"]["url"].startswith(CANONICAL)


def test_earlier_resolution_is_kept_behind_a_mirror(bench: EngineBench) -> None:
    channels = (bench.channel.as_channel(url=CANONICAL),)
    earlier = (bench.channel.package("libfoo", "1.5", url=CANONICAL),)

    assert bench.solve("libfoo", channels=channels, prefer=earlier).packages == earlier


def test_repodata_is_asked_for_again_and_not_sent_again(bench: EngineBench) -> None:
    with ChannelServer(bench.channel.path) as server:
        channels = (bench.channel.as_channel(source=server.url),)
        bench.solve("libfoo", channels=channels)
        bench.close()
        before = len(server.requests)
        bench.solve("libfoo", channels=channels)

        again = {each.status for each in server.requests[before:] if each.method == "GET"}
    assert 304 in again
    assert 200 not in again


def test_package_is_fetched_once(bench: EngineBench) -> None:
    with ChannelServer(bench.channel.path) as server:
        channels = (bench.channel.as_channel(source=server.url),)
        bench.build("libz", channels=channels)
        bench.close()
        bench.build("libz", prefix=bench.folder / "second", channels=channels)

        assert len(server.requested("libz-1.3.1-0.conda")) == 1


def write_netrc(home: Path) -> None:
    """Credentials for the machine on which servers of tests run."""
    netrc = home / ".netrc"
    netrc.write_text(f"machine 127.0.0.1 login somebody password {SECRET}\n")
    netrc.chmod(0o600)


def test_credentials_reach_the_channel_and_nothing_else(bench: EngineBench, home: Path) -> None:
    write_netrc(home)
    with ChannelServer(bench.channel.path, basic=("somebody", SECRET)) as server:
        channels = (bench.channel.as_channel(source=server.url),)
        bench.install("app-a", channels=channels)
        assert {each.status for each in server.requests if each.path.endswith(".conda")} == {200}
    bench.close()

    assert bench.linked() == {"app-a": "1.0", "libfoo": "2.1"}
    for directory in (bench.prefix, bench.folder / "cache", bench.folder / "work"):
        assert SECRET.encode() not in written_below(directory)
    assert not bench.surroundings.log.exists() or SECRET not in bench.surroundings.log.read_text(encoding="utf-8")


def test_wrong_credentials_are_refused_and_not_shown(bench: EngineBench, home: Path) -> None:
    write_netrc(home)
    with (
        ChannelServer(bench.channel.path, basic=("somebody", "another word")) as server,
        pytest.raises(ChannelUnauthorisedError) as caught,
    ):
        bench.solve("libfoo", channels=(bench.channel.as_channel(source=server.url),))

    assert SECRET not in f"{caught.value.message}{caught.value.hint}"
    assert not bench.surroundings.log.exists() or SECRET not in bench.surroundings.log.read_text(encoding="utf-8")


def test_credentials_are_not_carried_to_another_server(bench: EngineBench, home: Path) -> None:
    write_netrc(home)
    with (
        ChannelServer(bench.channel.path) as elsewhere,
        ChannelServer(
            bench.channel.path,
            redirect(elsewhere.url.replace("127.0.0.1", "localhost")),
            basic=("somebody", SECRET),
        ) as server,
    ):
        bench.solve("libfoo", channels=(bench.channel.as_channel(source=server.url),))

        assert elsewhere.requests
        assert [each.path for each in elsewhere.requests if "authorization" in each.headers] == []
