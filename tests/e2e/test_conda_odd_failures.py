"""Failures that are rarer, of conda environments: locks, answers that are none, engines that are none."""

from pathlib import Path

import pytest

from tests.support.channel_server import ChannelServer, corrupt, redirect, refuse, truncate
from tests.support.conda_channel import LocalChannel, make_channel
from tests.support.conda_recipes import generic
from tests.support.project_bench import ProjectBench
from tests.support.standing_environment import StandingEnvironment, stand

CONDA_FORGE = "https://conda.anaconda.org/conda-forge"


@pytest.fixture
def standing(conda_bench: ProjectBench) -> StandingEnvironment:
    """Python and tiny 1.1, built and in use."""
    return stand(conda_bench)


@pytest.fixture
def cold(tmp_path: Path) -> dict[str, str]:
    """Variables under which no package is cached."""
    return {"PYVE_CACHE_DIR": str(tmp_path / "cold cache")}


def list_explicitly(standing: StandingEnvironment, *lines: str) -> None:
    (standing.bench.project / "environment.yml").unlink()
    standing.bench.write("explicit.txt", "\n".join(("@EXPLICIT", *lines)) + "\n")


def test_a_listed_package_for_other_machines_is_told(
    standing: StandingEnvironment, conda_channel: LocalChannel
) -> None:
    package = conda_channel.package("app-glibc", url=CONDA_FORGE)
    list_explicitly(standing, f"{package.url}#{package.sha256}")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "machine-unsuitable")
    assert "__glibc >=2.99" in refused.message
    assert "CONDA_OVERRIDE_GLIBC" in refused.hint


def test_a_listed_package_with_another_hash_is_refused(
    standing: StandingEnvironment, conda_channel: LocalChannel
) -> None:
    package = conda_channel.package("libz", url=CONDA_FORGE)
    list_explicitly(standing, f"{package.url}#{'0' * 64}")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "package-corrupt")
    assert "libz-1.3.1-0.conda" in refused.message
    assert "0" * 64 in refused.message


def test_a_listed_package_that_nobody_has_is_named(standing: StandingEnvironment, conda_channel: LocalChannel) -> None:
    list_explicitly(standing, f"{CONDA_FORGE}/noarch/gone-1.0-0.conda#{'0' * 64}")

    refused = standing.refuse()

    assert (refused.exit_status, refused.code) == (6, "channel-missing")
    assert "gone-1.0-0.conda" in refused.message


def test_a_line_that_is_no_package_is_told_with_its_line(standing: StandingEnvironment) -> None:
    list_explicitly(standing, "https://channel.example/no-package.zip")

    refused = standing.refuse()

    assert refused.exit_status == 3
    assert "explicit.txt:2" in refused.message


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


@pytest.mark.parametrize("program", ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho 1.5.8\n", "", None])
def test_a_configured_micromamba_that_is_none_is_told(
    standing: StandingEnvironment, tmp_path: Path, program: str | None
) -> None:
    executable = tmp_path / "micromamba"
    if program is not None:
        executable.write_text(program)
        executable.chmod(0o755)
    standing.bench.ok("config", "set", "--user", "conda.micromamba", str(executable))
    standing.bench.declare("python", "tiny=2.0")

    refused = standing.refuse("sync", "--engine", "micromamba")

    assert (refused.exit_status, refused.code) == (5, "engine-missing")
    assert str(executable) in refused.message
