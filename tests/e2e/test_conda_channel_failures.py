"""Channels that fail, are missing or lie: each is named, and what is in use stays so."""

from pathlib import Path

import pytest

from tests.support.channel_server import ChannelServer, corrupt, hang, redirect, refuse, truncate
from tests.support.conda_channel import LocalChannel, make_channel
from tests.support.conda_recipes import generic
from tests.support.standing_environment import StandingEnvironment


def test_a_server_that_is_not_there_is_named(standing: StandingEnvironment, conda_channel: LocalChannel) -> None:
    with ChannelServer(conda_channel.path) as server:
        url = server.url
    standing.bench.declare("python", "tiny=2.0", channels=(url,))

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "channel-unreachable")
    assert url in refused.message


def test_a_mirror_that_is_not_there_is_named(standing: StandingEnvironment, conda_channel: LocalChannel) -> None:
    with ChannelServer(conda_channel.path) as server:
        url = server.url
    standing.bench.ok("config", "set", "--user", "conda.mirrors.conda-forge", url)
    standing.bench.declare("python", "tiny=2.0")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "channel-unreachable")
    assert url in refused.message


def test_a_channel_that_the_server_does_not_have_is_named(
    standing: StandingEnvironment, conda_channel: LocalChannel
) -> None:
    with ChannelServer(conda_channel.path) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(f"{server.url}/no-such-channel",))

        refused = standing.refuse()

        assert (refused.exit_status, refused.code) == (6, "channel-missing")
        assert f"{server.url}/no-such-channel" in refused.message


def test_a_directory_that_is_no_channel_is_named(standing: StandingEnvironment, tmp_path: Path) -> None:
    standing.bench.declare("python", "tiny=2.0", channels=(str(tmp_path / "no such folder"),))

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "channel-missing")
    assert "no%20such%20folder" in refused.message


def test_an_archive_that_was_taken_away_is_named(
    standing: StandingEnvironment, conda_channel: LocalChannel, cold: dict[str, str]
) -> None:
    with ChannelServer(conda_channel.path, refuse(404, "tiny-2.0-pyh0_0.conda")) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        refused = standing.refuse(env=cold)

        assert (refused.exit_status, refused.code) == (6, "channel-missing")
        assert "tiny-2.0-pyh0_0.conda" in refused.message
        assert server.url in refused.message


@pytest.mark.parametrize(("status", "said"), [(401, "wants credentials"), (403, "refuses these credentials")])
def test_a_channel_that_lets_nobody_in_says_where_credentials_go(
    standing: StandingEnvironment, conda_channel: LocalChannel, status: int, said: str
) -> None:
    with ChannelServer(conda_channel.path, refuse(status)) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        refused = standing.refuse()

        assert (refused.exit_status, refused.code) == (6, "channel-unauthorised")
        assert server.url in refused.message
        assert said in refused.message
        assert "machine 127.0.0.1 login" in refused.hint


def test_a_download_that_is_corrupt_once_is_repaired(
    standing: StandingEnvironment, conda_channel: LocalChannel, cold: dict[str, str]
) -> None:
    with ChannelServer(conda_channel.path, corrupt("tiny-2.0-pyh0_0.conda", times=1)) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        standing.bench.ok("sync", env=cold)

        assert len(server.requested("tiny-2.0-pyh0_0.conda")) == 2
    assert standing.bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


@pytest.mark.slow
@pytest.mark.parametrize("fault", [corrupt, truncate])
def test_a_download_that_stays_corrupt_is_refused(
    standing: StandingEnvironment, conda_channel: LocalChannel, cold: dict[str, str], fault: type
) -> None:
    with ChannelServer(conda_channel.path, fault("tiny-2.0-pyh0_0.conda")) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        refused = standing.refuse(env=cold)

        assert refused.exit_status == 6
        assert refused.code == ("package-corrupt" if fault is corrupt else "channel-unreachable")
        assert "tiny-2.0-pyh0_0.conda" in refused.message or server.url in refused.message


def test_a_server_that_fails_twice_is_waited_for(
    standing: StandingEnvironment, conda_channel: LocalChannel, cold: dict[str, str]
) -> None:
    with ChannelServer(conda_channel.path, refuse(503, "tiny-2.0-pyh0_0.conda", times=2)) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        standing.bench.ok("sync", env=cold)

    assert standing.bench.ok("run", "tiny-cmd").stdout == "tiny 2.0\n"


@pytest.mark.parametrize("suffix", ["repodata.json.zst", "tiny-2.0-pyh0_0.conda"])
def test_a_server_that_never_answers_is_given_up(
    standing: StandingEnvironment, conda_channel: LocalChannel, cold: dict[str, str], suffix: str
) -> None:
    with ChannelServer(conda_channel.path, hang(suffix)) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        refused = standing.refuse(env={**cold, "PYVE_HTTP_TIMEOUT": "1"})

        assert (refused.exit_status, refused.code) == (6, "channel-unreachable")
        assert server.url in refused.message


@pytest.mark.parametrize("fault", [corrupt, truncate], ids=["corrupt", "truncate"])
@pytest.mark.slow
def test_an_index_that_is_no_index_is_told_with_its_channel(
    standing: StandingEnvironment, conda_channel: LocalChannel, cold: dict[str, str], fault: type
) -> None:
    with ChannelServer(conda_channel.path, fault("repodata.json.zst"), fault("repodata.json")) as server:
        standing.bench.declare("python", "tiny=2.0", channels=(server.url,))

        refused = standing.refuse(env=cold)

        assert refused.exit_status == 6
        assert refused.code in ("channel-unreachable", "channel-missing")
        assert server.url in refused.message


def test_a_page_instead_of_an_index_is_told_with_its_channel(standing: StandingEnvironment, tmp_path: Path) -> None:
    channel = make_channel(tmp_path / "portal", [generic("tiny", "2.0")])
    for file in channel.path.rglob("repodata.json*"):
        file.write_text("<html><body>Log in to the network first</body></html>")
    with ChannelServer(channel.path, refuse(404, ".zst")) as server:
        standing.bench.declare("tiny=2.0", channels=("conda-forge", server.url))

        refused = standing.refuse()

        assert (refused.exit_status, refused.code) == (6, "channel-missing")
        assert f"What {server.url} gives is no index" in refused.message


def test_a_channel_of_the_project_that_is_not_there_is_named(standing: StandingEnvironment) -> None:
    standing.bench.declare("tiny", channels=("./no-such-folder",))

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "channel-missing")
    assert f"{standing.bench.project.name.replace(' ', '%20')}/no-such-folder is not there" in refused.message


def test_a_server_that_does_not_speak_tls_is_named(standing: StandingEnvironment, conda_channel: LocalChannel) -> None:
    with ChannelServer(conda_channel.path) as server:
        address = server.url.replace("http:", "https:")
        standing.bench.declare("python", "tiny=2.0", channels=(address,))

        refused = standing.refuse()

        assert (refused.exit_status, refused.code) == (6, "channel-unreachable")
        assert address in refused.message


def test_a_server_that_sends_in_circles_is_named(standing: StandingEnvironment, conda_channel: LocalChannel) -> None:
    with ChannelServer(conda_channel.path) as first, ChannelServer(conda_channel.path, redirect(first.url)) as second:
        first._faults = (redirect(second.url),)
        first._left = [None]
        standing.bench.declare("python", "tiny=2.0", channels=(first.url,))

        refused = standing.refuse()

        assert (refused.exit_status, refused.code) == (6, "channel-unreachable")
        assert first.url in refused.message


def test_a_proxy_that_is_not_there_is_told(standing: StandingEnvironment, conda_channel: LocalChannel) -> None:
    with ChannelServer(conda_channel.path) as gone:
        proxy = gone.url
    standing.bench.declare("python", "tiny=2.0", channels=("http://channel.example/conda-forge",))

    refused = standing.refuse(env={"http_proxy": proxy, "HTTP_PROXY": proxy, "no_proxy": "", "NO_PROXY": ""})

    assert (refused.exit_status, refused.code) == (6, "channel-unreachable")
    assert "http://channel.example/conda-forge" in refused.message
    assert "proxy" in refused.hint
